/** So that a run ends soon, and the rest waits for the next one. */
const MOST = 20;

/** Removes in small batches, each a decision of its own, until one is not full. Returns how many were removed. */
export async function inBatches(
  size: number,
  removeUpTo: (size: number) => Promise<number>,
  most: number = MOST,
): Promise<number> {
  let removed = 0;
  for (let batch = 1; batch <= most; batch += 1) {
    const count = await removeUpTo(size);
    removed += count;
    if (count < size) break;
  }
  return removed;
}
