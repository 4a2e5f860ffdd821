const AT_LATEST_MS = 50;

/** Lets those who wait for a thing to change know that it did. Another process's changes are noticed a moment later. */
export class Signals {
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Wakes all who wait for the key. */
  send(key: string): void {
    for (const wake of this.waiting.get(key) ?? []) wake();
  }

  /** Resolves with the next signal of the key, or after 50 ms. */
  next(key: string): Promise<void> {
    return new Promise((resolve) => {
      const wakers = this.waiting.get(key) ?? new Set();
      this.waiting.set(key, wakers);
      const wake = (): void => {
        clearTimeout(timer);
        wakers.delete(wake);
        if (wakers.size === 0) this.waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(wake, AT_LATEST_MS);
      wakers.add(wake);
    });
  }
}
