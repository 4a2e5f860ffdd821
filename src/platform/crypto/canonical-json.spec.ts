import { canonicalJson } from './canonical-json';

describe('canonical JSON', () => {
  it('is what the example of RFC 8785 (3.2.3) is', () => {
    const value = JSON.parse(
      `{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}`,
    ) as unknown;
    expect(canonicalJson(value)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        `"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
  });

  it('orders names by their UTF-16 units, whatever order they come in', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const forth = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    const back = canonicalJson(Object.fromEntries([...names].reverse().map((name) => [name, 0])));
    expect(forth).toBe(back);
    expect(Object.keys(JSON.parse(forth) as object).filter((name) => name !== '1')).toEqual([
      ...['\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'],
    ]);
  });

  it.each([[undefined], [NaN], [Infinity], [() => 0]])('is none for %p', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});
