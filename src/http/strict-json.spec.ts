import * as fc from 'fast-check';
import { Refusal } from './errors';
import { parseStrictJson } from './strict-json';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const nestedObjects = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
const list = (items: number): string => JSON.stringify(Array(items).fill(0));
const object = (fields: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, at) => [`f${at}`, 0])));

/** The code under which a body is refused, or null. */
function refusalOf(bytes: Buffer): string | null {
  try {
    parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
}

describe('a JSON body', () => {
  it.each<[string, unknown]>([
    ['{}', {}],
    ['{"a":1,"b":[true,null,"x"]}', { a: 1, b: [true, null, 'x'] }],
    [' \r\n\t{ "a" : "b" } \n', { a: 'b' }],
    ['"text"', 'text'],
    ['{"a":{"x":1},"b":{"x":2}}', { a: { x: 1 }, b: { x: 2 } }],
    ['[{"x":1},{"x":2}]', [{ x: 1 }, { x: 2 }]],
    ['{"x":{"x":{"x":1}}}', { x: { x: { x: 1 } } }],
    ['{"Name":1,"name":2}', { Name: 1, name: 2 }],
    ['{"constructor":1,"toString":2}', { constructor: 1, toString: 2 }],
    ['{"a":"__proto__"}', { a: '__proto__' }],
    ['{"emoji":"🦊","escaped":"\\ud83e\\udd8a"}', { emoji: '🦊', escaped: '🦊' }],
    ['{"lines":"\u2028\u2029","b":"\\n"}', { lines: '\u2028\u2029', b: '\n' }],
  ])('is read as it says: %s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('comes back as it was sent, whatever it says', () => {
    const values = fc
      .jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
      .filter((value) => !/\\u0000|__proto__/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a body that is no JSON', () => {
  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a word', 'hello'],
    ['half an object', '{"a":1'],
    ['two values', '{} {}'],
    ['a comma too many', '{"a":1,}'],
    ['a comment', '{"a":1 /* one */}'],
    ['a comment on a line', '// one\n{}'],
    ['single quotes', "{'a':1}"],
    ['a name without quotes', '{a:1}'],
    ['a number JSON does not have', '{"a":NaN}'],
    ['a number with a zero before it', '{"a":01}'],
    ['a line break in a text', '{"a":"x\ny"}'],
    ['a byte order mark', '\ufeff{}'],
    ['a form', 'a=1&b=2'],
  ])('is refused: %s', (_, text) => {
    expect(refusalOf(Buffer.from(text))).toBe('MALFORMED_REQUEST');
  });

  it.each([
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1')],
    ['UTF-16', Buffer.from('{"a":"b"}', 'utf16le')],
    ['a character cut in half', Buffer.from('{"a":"é"}').subarray(0, 7)],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a code point beyond Unicode', Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22])],
  ])('is refused in other bytes than UTF-8: %s', (_, bytes) => {
    expect(refusalOf(bytes)).toBe('MALFORMED_REQUEST');
  });
});

describe('JSON that could mean two things', () => {
  it.each([
    ['a field twice', '{"a":1,"a":2}'],
    ['a field twice with the same value', '{"a":1,"a":1}'],
    ['a field twice, far apart', '{"a":1,"b":{"a":1},"c":[{"a":1}],"a":2}'],
    ['a field twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['an empty field twice', '{"":1,"":2}'],
    ['a field twice deep inside', '{"x":[1,{"y":{"a":1,"a":2}}]}'],
    ['a field twice in the second of two objects', '[{"a":1},{"a":1,"a":2}]'],
    ['a field twice after an object of the same name', '{"a":{"b":1},"a":2}'],
    ['a field twice after a text with a line separator', '{"x":"\u2028","a":1,"a":2}'],
    ['the prototype as a field', '{"__proto__":{"admin":true}}'],
    ['the prototype as a field, escaped', '{"\\u005f_proto__":1}'],
    ['the prototype as a field deep inside', '{"a":[{"__proto__":1}]}'],
  ])('is refused: %s', (_, text) => {
    expect(refusalOf(Buffer.from(text))).toBe('MALFORMED_REQUEST');
  });

  it('is refused whichever field it names twice, and wherever', () => {
    const fields = fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fields, fc.nat(), fc.nat(), (names, pick, place) => {
        const members = names.map((name) => `${JSON.stringify(name)}:1`);
        members.splice(place % (members.length + 1), 0, `${JSON.stringify(names[pick % names.length])}:2`);
        expect(refusalOf(Buffer.from(`{${members.join(',')}}`))).toBe('MALFORMED_REQUEST');
      }),
    );
  });
});

describe('text no value has', () => {
  it.each([
    ['a NUL', '{"a":"x\\u0000y"}'],
    ['a NUL in a name', '{"a\\u0000":1}'],
    ['a NUL deep inside', '{"a":[{"b":"\\u0000"}]}'],
    ['half a surrogate pair', '{"a":"\\ud83d"}'],
    ['the other half', '{"a":"\\udc00x"}'],
    ['two halves in the wrong order', '{"a":"\\udc00\\ud83d"}'],
    ['half a pair in a name', '{"\\ud83d":1}'],
    ['half a pair by itself', '"\\ud83d"'],
  ])('is refused: %s', (_, text) => {
    expect(refusalOf(Buffer.from(text))).toBe('MALFORMED_REQUEST');
  });
});

describe('the size of what is read', () => {
  it.each([
    ['20 lists in each other', nested(20)],
    ['20 objects in each other', nestedObjects(20)],
    ['1000 items', list(1000)],
    ['1000 fields', object(1000)],
    ['two lists of 1000 items', `[${list(1000)},${list(1000)}]`],
    ['many lists side by side', `[${Array(900).fill('[]').join(',')}]`],
  ])('may be %s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['21 lists in each other', nested(21)],
    ['21 objects in each other', nestedObjects(21)],
    ['21 levels after a flat part', `[[],{},[1],${nested(20)}]`],
    ['40000 lists in each other', nested(40_000)],
    ['1001 items', list(1001)],
    ['1001 fields', object(1001)],
    ['1001 items after a list that ended', `{"a":[1,2],"b":${list(1001)}}`],
  ])('is never %s', (_, text) => {
    expect(refusalOf(Buffer.from(text))).toBe('MALFORMED_REQUEST');
  });
});
