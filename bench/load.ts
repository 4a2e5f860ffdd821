import autocannon, { type Request } from 'autocannon';

export type Load = {
  readonly url: string;
  readonly requests: readonly Request[];
  readonly connections: number;
  readonly seconds: number;
};
export type Measured = { readonly latencies: readonly number[]; readonly errors: number; readonly perSecond: number };

/** Asks as fast as the answers come, each connection one request at a time. Whatever is not 2xx is an error. */
export function load({ url, requests, connections, seconds }: Load): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = [];
    let errors = 0;
    const running = autocannon({ url, connections, duration: seconds, requests: [...requests] }, (error, result) => {
      if (error instanceof Error) reject(error);
      else resolve({ latencies, errors: errors + result.errors, perSecond: latencies.length / seconds });
    });
    running.on('response', (_client, status, _bytes, milliseconds) => {
      latencies.push(milliseconds);
      if (status < 200 || status > 299) errors += 1;
    });
  });
}

/** @param share 0.95 for the 95th percentile */
export function percentile(latencies: readonly number[], share: number): number {
  const sorted = [...latencies].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
