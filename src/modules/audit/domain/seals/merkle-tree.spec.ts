import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { isIncluded, leafHashOf, pathOf, rootOf } from './merkle-tree';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const entry = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** The inputs that implementations of RFC 6962 are tried with. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(entry);
const LEAVES = ENTRIES.map((each) => leafHashOf(sha256, each));

/** Heads of the trees over the first one, two, … of them: public test vectors, made by no code of ours. */
const HEADS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('a Merkle tree', () => {
  it('of nothing has the hash of nothing for its head', () => {
    expect(hex(rootOf(sha256, []))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each(HEADS.map((head, index) => [index + 1, head] as const))(
    'of %i known entries has the known head',
    (size, head) => {
      expect(hex(rootOf(sha256, LEAVES.slice(0, size)))).toBe(head);
    },
  );

  it('has the paths that follow from its picture', () => {
    const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
      sha256(Buffer.concat([Buffer.of(1), left, right]));
    const [a, b, c, d, e, f, g] = LEAVES as [Uint8Array, ...Uint8Array[]];
    // The tree of seven leaves of RFC 9162, 2.1.5, with its nodes under their names there.
    const [i, j, k, l] = [node(a, b!), node(c!, d!), node(e!, f!), g!];
    const m = node(k, l);
    const seven = LEAVES.slice(0, 7);
    expect(pathOf(sha256, seven, 0).map(hex)).toEqual([b!, j, m].map(hex));
    expect(pathOf(sha256, seven, 3).map(hex)).toEqual([c!, i, m].map(hex));
    expect(pathOf(sha256, seven, 4).map(hex)).toEqual([f!, l, node(i, j)].map(hex));
    expect(pathOf(sha256, seven, 6).map(hex)).toEqual([k, node(i, j)].map(hex));
  });

  const tree = fc
    .array(fc.uint8Array({ minLength: 0, maxLength: 8 }), { minLength: 1, maxLength: 70 })
    .map((entries) => entries.map((each) => leafHashOf(sha256, each)))
    .chain((leaves) => fc.record({ leaves: fc.constant(leaves), index: fc.nat(leaves.length - 1) }));

  it('proves each of its leaves', () => {
    fc.assert(
      fc.property(tree, ({ leaves, index }) => {
        const path = pathOf(sha256, leaves, index);
        const claim = { leaf: leaves[index]!, index, size: leaves.length, path };
        expect(isIncluded(sha256, claim, rootOf(sha256, leaves))).toBe(true);
      }),
    );
  });

  it('proves no other leaf, no other place, no longer and no shorter path, and no other tree', () => {
    fc.assert(
      fc.property(tree, fc.nat(255), ({ leaves, index }, byte) => {
        const root = rootOf(sha256, leaves);
        const claim = { leaf: leaves[index]!, index, size: leaves.length, path: pathOf(sha256, leaves, index) };
        const other = leafHashOf(sha256, Buffer.from(`another ${String(byte)} than any`));
        const wrong = [
          { ...claim, leaf: other },
          { ...claim, index: leaves.length },
          { ...claim, index: -1 },
          { ...claim, path: [...claim.path, other] },
          ...claim.path.map((_, at) => ({ ...claim, path: claim.path.with(at, other) })),
          ...claim.path.map((_, at) => ({ ...claim, path: claim.path.toSpliced(at, 1) })),
        ];
        for (const each of wrong) expect(isIncluded(sha256, each, root)).toBe(false);
        expect(isIncluded(sha256, claim, other)).toBe(false);
      }),
    );
  });

  it('tells places apart where all leaves are different', () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = Array.from({ length: size }, (_, number) => leafHashOf(sha256, Buffer.of(number)));
      const root = rootOf(sha256, leaves);
      const path = pathOf(sha256, leaves, 0);
      const places = leaves.map((_, index) => isIncluded(sha256, { leaf: leaves[0]!, index, size, path }, root));
      expect(places).toEqual(leaves.map((_, index) => index === 0));
    }
  });

  it.each([-1, 2, 0.5, Number.NaN])('has no leaf at %p', (index) => {
    expect(() => pathOf(sha256, LEAVES.slice(0, 2), index)).toThrow(RangeError);
  });
});
