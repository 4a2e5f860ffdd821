/** SHA-256, as an argument: rules know no library. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** A Merkle tree as RFC 9162, section 2.1 (RFC 6962 before it), has it: prefixes keep a leaf from passing for a node. */
const LEAF = 0x00;
const NODE = 0x01;

export function leafHashOf(hash: Hash, entry: Uint8Array): Uint8Array {
  return hash(joined(LEAF, entry));
}

/** The head of the tree over leaves that are hashed already. Of none: the hash of nothing. */
export function rootOf(hash: Hash, leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return hash(new Uint8Array());
  if (leaves.length === 1) return only;
  const left = leftSizeOf(leaves.length);
  return nodeOf(hash, rootOf(hash, leaves.slice(0, left)), rootOf(hash, leaves.slice(left)));
}

/** What is missing to get from one leaf to the root, from the bottom up (2.1.3.1). Throws RangeError for no leaf of it. */
export function pathOf(hash: Hash, leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('There is no such leaf');
  if (leaves.length === 1) return [];
  const left = leftSizeOf(leaves.length);
  const [before, behind] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...pathOf(hash, before, index), rootOf(hash, behind)]
    : [...pathOf(hash, behind, index - left), rootOf(hash, before)];
}

/** What claims that a leaf stands at `index` of a tree of `size` leaves. */
export type Inclusion = {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
};

/** Whether it is so for the tree of that root (2.1.3.2). */
export function isIncluded(hash: Hash, { leaf, index, size, path }: Inclusion, root: Uint8Array): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [place, last, head] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      head = nodeOf(hash, sibling, head);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      head = nodeOf(hash, head, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && isSame(head, root);
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

const half = (count: number): number => Math.floor(count / 2);

/** The largest power of two below `size`. */
function leftSizeOf(size: number): number {
  return 2 ** (31 - Math.clz32(size - 1));
}

function nodeOf(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(joined(NODE, left, right));
}

function joined(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + length, 0));
  whole[0] = prefix;
  let at = 1;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
