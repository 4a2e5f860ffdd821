import type { ArgumentMetadata } from '@nestjs/common';
import { IsEmail, IsInt, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ValidationFailed } from '../kernel/domain-error';
import { Refusal } from './errors';
import { InputPipe } from './input.pipe';

class Letter {
  @IsString()
  @MaxLength(20)
  @IsEmail()
  to!: string;

  @IsString()
  @IsNotEmpty()
  text!: string;

  @IsOptional()
  @IsInt()
  copies?: number | null;
}

class Parcel extends Letter {
  @IsOptional()
  @IsString()
  contents?: string;

  /** Says nothing about itself to the outside. */
  internal?: string;
}

const GOOD = { to: 'ann@example.com', text: 'Hello' };

const pass = (value: unknown, metadata: Partial<ArgumentMetadata> = {}): unknown =>
  new InputPipe().transform(value, { type: 'body', metatype: Letter, ...metadata });

/** What is said about which field. */
function violationsOf(value: unknown, metadata: Partial<ArgumentMetadata> = {}): string[] {
  try {
    pass(value, metadata);
  } catch (error) {
    if (error instanceof ValidationFailed) return error.violations.map(({ field, code }) => `${field} ${code}`);
    throw error;
  }
  return [];
}

/** The code under which the whole is refused, or null. */
function refusalOf(value: unknown, metadata: Partial<ArgumentMetadata> = {}): string | null {
  try {
    pass(value, metadata);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
}

describe('a body that is as described', () => {
  it('becomes its DTO', () => {
    expect(pass(GOOD)).toBeInstanceOf(Letter);
    expect(pass(GOOD)).toEqual(GOOD);
  });

  it.each([
    ['a field that may be left out', { ...GOOD, copies: 2 }],
    ['null for a field that may be left out', { ...GOOD, copies: null }],
    ['an empty object’s worth of blanks', { ...GOOD, text: ' ' }],
  ])('keeps %s', (_, body) => {
    expect(pass(body)).toEqual(body);
  });

  it('may use the fields of the DTO its own is built on', () => {
    expect(pass({ ...GOOD, contents: 'tea' }, { metatype: Parcel })).toEqual({ ...GOOD, contents: 'tea' });
  });

  it('does not share the object that was sent', () => {
    const body = { ...GOOD };

    expect(pass(body)).not.toBe(body);
  });
});

describe('a body that is not', () => {
  it.each<[string, unknown, string[]]>([
    ['an unknown field', { ...GOOD, role: 'admin' }, ['role FIELD_UNKNOWN']],
    ['a field in capitals', { ...GOOD, Text: 'x' }, ['Text FIELD_UNKNOWN']],
    ['a name every object has', { ...GOOD, constructor: {} }, ['constructor FIELD_UNKNOWN']],
    ['a missing field', { to: GOOD.to }, ['text FIELD_REQUIRED']],
    ['null for a field that is needed', { ...GOOD, text: null }, ['text FIELD_REQUIRED']],
    ['the empty text for a field that is needed', { ...GOOD, text: '' }, ['text FIELD_REQUIRED']],
    ['nothing at all', {}, ['to FIELD_REQUIRED', 'text FIELD_REQUIRED']],
    ['no body', undefined, ['to FIELD_REQUIRED', 'text FIELD_REQUIRED']],
    ['no e-mail address', { ...GOOD, to: 'ann' }, ['to EMAIL_INVALID']],
    ['a text too long', { ...GOOD, to: `${'a'.repeat(20)}@example.com` }, ['to FIELD_TOO_LONG']],
    ['a number for a text', { ...GOOD, text: 5 }, ['text FIELD_INVALID']],
    ['true for a text', { ...GOOD, text: true }, ['text FIELD_INVALID']],
    ['a list for a text', { ...GOOD, text: ['x'] }, ['text FIELD_INVALID']],
    ['an object for a text', { ...GOOD, text: { length: 1 } }, ['text FIELD_INVALID']],
    ['a text for a number', { ...GOOD, copies: '2' }, ['copies FIELD_INVALID']],
    ['a fraction for a whole number', { ...GOOD, copies: 2.5 }, ['copies FIELD_INVALID']],
    [
      'everything wrong at once',
      { to: 1, text: '', x: 1 },
      ['to FIELD_INVALID', 'text FIELD_REQUIRED', 'x FIELD_UNKNOWN'],
    ],
  ])('is refused, field by field: %s', (_, body, said) => {
    expect(violationsOf(body)).toEqual(said);
  });

  it('may not fill a field its DTO says nothing about', () => {
    expect(violationsOf({ ...GOOD, internal: 'x' }, { metatype: Parcel })).toEqual(['internal FIELD_UNKNOWN']);
  });

  it('is never told its own long names back in full', () => {
    const [said = ''] = violationsOf({ ...GOOD, ['x'.repeat(5000)]: 1 });

    expect(said).toBe(`${'x'.repeat(64)} FIELD_UNKNOWN`);
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a list of what is described', [GOOD]],
    ['a text', 'text'],
    ['a number', 5],
    ['true', true],
  ])('is refused as a whole: %s', (_, body) => {
    expect(refusalOf(body)).toBe('MALFORMED_REQUEST');
  });
});

describe('a query', () => {
  it('is held to its description like a body', () => {
    expect(violationsOf({ to: 'ann', x: '1' }, { type: 'query' })).toEqual([
      'to EMAIL_INVALID',
      'text FIELD_REQUIRED',
      'x FIELD_UNKNOWN',
    ]);
  });

  it('does not take a value that came twice for a text', () => {
    expect(violationsOf({ ...GOOD, text: ['a', 'b'] }, { type: 'query' })).toEqual(['text FIELD_INVALID']);
  });

  it.each([
    ['a NUL', 'x\0'],
    ['half a surrogate pair', '\ud83d'],
    ['a NUL in one of two values', ['x', '\0']],
  ])('is refused as a whole when it holds %s', (_, text) => {
    expect(refusalOf({ ...GOOD, text }, { type: 'query' })).toBe('MALFORMED_REQUEST');
  });
});

describe('what no DTO describes', () => {
  it.each<[string, Partial<ArgumentMetadata>]>([
    ['a path parameter', { type: 'param' }],
    ['what a decorator of ours gives', { type: 'custom' }],
    ['a body without a type', { metatype: undefined }],
    ['a body that is any object', { metatype: Object }],
    ['a text of a query', { type: 'query', metatype: String }],
  ])('passes as it is: %s', (_, metadata) => {
    const value = { any: 'thing' };

    expect(pass(value, metadata)).toBe(value);
  });
});
