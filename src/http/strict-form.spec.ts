import * as fc from 'fast-check';
import { Refusal } from './errors';
import { parseStrictForm } from './strict-form';

const parse = (text: string): Record<string, string> => parseStrictForm(Buffer.from(text));

/** The code under which a form is refused, or null. */
function refusalOf(bytes: Buffer): string | null {
  try {
    parseStrictForm(bytes);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
}

const fields = (count: number): string => Array.from({ length: count }, (_, at) => `f${at}=x`).join('&');

describe('a form', () => {
  it.each<[string, Record<string, string>]>([
    ['username=ann&password=secret', { username: 'ann', password: 'secret' }],
    ['username=ann%40example.com', { username: 'ann@example.com' }],
    ['a=one+two%20three%2B', { a: 'one two three+' }],
    ['a=b=c==', { a: 'b=c==' }],
    ['a=%26%3D', { a: '&=' }],
    ['a=', { a: '' }],
    ['a', { a: '' }],
    ['&a=1&&b=2&', { a: '1', b: '2' }],
    ['a=%F0%9F%A6%8A', { a: '🦊' }],
    ['a=🦊', { a: '🦊' }],
    ['a[]=1&a[b]=2', { 'a[]': '1', 'a[b]': '2' }],
    ['A=1&a=2', { A: '1', a: '2' }],
    ['constructor=1', { constructor: '1' }],
    ['', {}],
  ])('is read as it says, every value a text: %s', (text, form) => {
    expect(parse(text)).toEqual(form);
  });

  it('comes back as a browser sent it, whatever was typed', () => {
    const typed = fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(typed, (form) => {
        fc.pre(!JSON.stringify(form).includes('\\u0000') && !Object.hasOwn(form, '__proto__'));
        expect(parse(new URLSearchParams(form).toString())).toEqual(form);
      }),
    );
  });

  it('may have 1000 fields', () => {
    expect(Object.keys(parse(fields(1000)))).toHaveLength(1000);
  });
});

describe('a form that is refused', () => {
  it.each([
    ['names a field twice', 'a=1&a=2'],
    ['names a field twice, once encoded', 'a=1&%61=2'],
    ['names a field twice with the same value', 'a=1&a=1'],
    ['names the prototype', '__proto__=1'],
    ['names the prototype, encoded', '%5f%5fproto__=1'],
    ['breaks off in an encoded character', 'a=%F0%9F'],
    ['holds a percent sign that encodes nothing', 'a=100%'],
    ['encodes in Latin-1', 'a=%E9'],
    ['encodes a surrogate', 'a=%ED%A0%80'],
    ['holds a NUL', 'a=%00'],
    ['holds a NUL in a name', 'a%00=1'],
    ['has 1001 fields', fields(1001)],
  ])('%s', (_, text) => {
    expect(refusalOf(Buffer.from(text))).toBe('MALFORMED_REQUEST');
  });

  it('is no UTF-8', () => {
    expect(refusalOf(Buffer.from('a=é', 'latin1'))).toBe('MALFORMED_REQUEST');
  });
});
