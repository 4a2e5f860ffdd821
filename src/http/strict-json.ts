import { visit } from 'jsonc-parser';
import { Refusal } from './errors';

const MAX_DEPTH = 20;
const MAX_ITEMS = 1000;

const malformed = (detail: string): Refusal => new Refusal('MALFORMED_REQUEST', detail);

/** UTF-8 and nothing else; a byte order mark is no part of JSON (RFC 8259, 8.1). Throws MALFORMED_REQUEST. */
export function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** Text a database can keep and a person could have meant. Throws MALFORMED_REQUEST. */
export function refuseBrokenText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw malformed('The request holds characters that no value has.');
}

/**
 * JSON that means one thing only: no field twice, no broken text, no `__proto__`, at most 20 levels and 1000 items.
 * Throws MALFORMED_REQUEST.
 */
export function parseStrictJson(bytes: Buffer): unknown {
  const text = utf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  inspect(text);
  return value;
}

/** JSON.parse keeps the last of two fields of one name, silently; this reads the text again and looks. */
function inspect(text: string): void {
  const fields: Set<string>[] = [];
  const items: number[] = [];
  const deeper = (): void => {
    items.push(0);
    if (items.length > MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  };
  const separator = (): void => {
    const count = (items.pop() ?? 0) + 1;
    items.push(count);
    if (count >= MAX_ITEMS) throw malformed(`The body holds a list of more than ${MAX_ITEMS} items.`);
  };
  visit(text, {
    onObjectBegin: () => {
      deeper();
      fields.push(new Set());
    },
    onObjectEnd: () => {
      items.pop();
      fields.pop();
    },
    onArrayBegin: deeper,
    onArrayEnd: () => {
      items.pop();
    },
    onSeparator: (character) => {
      if (character === ',') separator();
    },
    onObjectProperty: (name) => {
      refuseBrokenText(name);
      const seen = fields.at(-1);
      if (name === '__proto__' || seen?.has(name))
        throw malformed('The body names a field twice, or one that cannot be.');
      seen?.add(name);
    },
    onLiteralValue: (value: unknown) => {
      if (typeof value === 'string') refuseBrokenText(value);
      if (value === Infinity || value === -Infinity) throw malformed('The body holds a number no program can keep.');
    },
  });
}
