import { isUuid } from '../../../../kernel/ids';

/** A line of a file is not what it should be. */
export class MalformedLine extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of one JSON object and throws MalformedLine, naming the field, for what is not of its kind. */
export class JsonFields {
  private constructor(private readonly fields: Fields) {}

  static parse(text: string): JsonFields {
    return new JsonFields(objectOf(parsed(text), 'The line'));
  }

  static of(value: unknown, name: string): JsonFields {
    return new JsonFields(objectOf(value, name));
  }

  text(name: string): string {
    return this.fits(name, (value): value is string => typeof value === 'string');
  }

  textOrNull(name: string): string | null {
    return this.fits(name, (value): value is string | null => value === null || typeof value === 'string');
  }

  /** A whole number that is held exactly. */
  count(name: string): number {
    return this.fits(name, isCount);
  }

  /** As a decimal; one that is not held exactly stands there as text. */
  wholeNumber(name: string): string {
    return String(this.fits(name, (value): value is number | string => isCount(value) || isLargeCount(value)));
  }

  uuid(name: string): string {
    return this.fits(name, (value): value is string => typeof value === 'string' && isUuid(value));
  }

  /** Bytes in lower-case hex. */
  hex(name: string): string {
    return this.fits(name, (value): value is string => typeof value === 'string' && /^([\da-f]{2})+$/.test(value));
  }

  counts(name: string): readonly number[] {
    return this.fits(name, (value): value is number[] => Array.isArray(value) && value.every(isCount));
  }

  texts(name: string): readonly string[] {
    return this.fits(
      name,
      (value): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string'),
    );
  }

  countsByName(name: string): Readonly<Record<string, number>> {
    return this.fits(
      name,
      (value): value is Record<string, number> => isObject(value) && Object.values(value).every(isCount),
    );
  }

  object(name: string): Fields {
    return this.fits(name, isObject);
  }

  /** null where it is null or not there at all. */
  objectOrNull(name: string): Fields | null {
    return this.fields[name] == null ? null : this.object(name);
  }

  /** Bytes in base64; null where it is null or not there at all. */
  bytesOrNull(name: string): Buffer | null {
    return this.fields[name] == null ? null : Buffer.from(this.text(name), 'base64');
  }

  bytes(name: string): Buffer {
    return Buffer.from(this.text(name), 'base64');
  }

  private fits<T>(name: string, isFit: (value: unknown) => value is T): T {
    const value = this.fields[name];
    if (!isFit(value)) throw new MalformedLine(`The field ${name} is missing or is not what it should be`);
    return value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedLine('The line is no JSON');
  }
}

function objectOf(value: unknown, name: string): Fields {
  if (!isObject(value)) throw new MalformedLine(`${name} is no JSON object`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isLargeCount(value: unknown): value is string {
  return typeof value === 'string' && /^-?[1-9]\d{15,18}$/.test(value) && !Number.isSafeInteger(Number(value));
}
