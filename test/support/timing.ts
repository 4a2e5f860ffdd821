import { Agent, request } from 'node:http';

/** The middle one; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

/** The value that the share (0 to 1) of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? NaN;
}

/**
 * How often one of these takes longer than one of those, ties counting half (Mann and Whitney): 0.5 when nobody who
 * looks at the time can tell them apart, 0 or 1 when everybody can.
 */
export function shareOfLonger(these: readonly number[], those: readonly number[]): number {
  let longer = 0;
  for (const one of these) for (const other of those) longer += one > other ? 1 : one === other ? 0.5 : 0;
  return longer / (these.length * those.length);
}

/** The same numbers each time for a seed, from 0 to below 1 (Lehmer). */
export function numbersFrom(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** In an order that looks like none and is the same each time for a seed (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const mixed = [...values];
  const next = numbersFrom(seed);
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}

export type Timed = { readonly status: number; readonly ms: number };

/** A client on one connection that does nothing but measure: from the last byte sent to the last one read. */
export class Stopwatch {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  post(path: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Timed> {
    const body = JSON.stringify(json);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.url}/api/v1${path}`,
        {
          method: 'POST',
          agent: this.agent,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (answer) => {
          answer.resume().once('end', () => {
            resolve({ status: answer.statusCode ?? 0, ms: performance.now() - begun });
          });
        },
      );
      sent.once('error', reject);
      const begun = performance.now();
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
