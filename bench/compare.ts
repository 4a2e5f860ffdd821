import type { Request } from 'autocannon';
import { load, type Measured, percentile } from './load';

/** What the larger one may cost beside the smaller one, by p95. */
const MOST = 1.2;

export type Asked = { readonly url: string; readonly requests: readonly Request[] };
export type Pace = { readonly connections: number; readonly rounds: number; readonly seconds: number };
export type Figures = {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly errors: number;
};
export type Comparison = {
  readonly few: Figures;
  readonly many: Figures;
  readonly ratio: number;
  readonly holds: boolean;
};

/** Round by round, now the one and then the other first, so that whatever else the machine does is shared. */
export async function compared(few: Asked, many: Asked, pace: Pace): Promise<Comparison> {
  const of = new Map<Asked, Measured[]>([
    [few, []],
    [many, []],
  ]);
  for (let round = 0; round <= pace.rounds; round += 1) {
    for (const each of round % 2 === 0 ? [few, many] : [many, few]) {
      const measured = await load({ ...each, connections: pace.connections, seconds: pace.seconds });
      // The first round warms both up.
      if (round > 0) of.get(each)?.push(measured);
    }
  }
  const [one, other] = [figuresOf(of.get(few) ?? []), figuresOf(of.get(many) ?? [])];
  const ratio = other.p95 / one.p95;
  return { few: one, many: other, ratio, holds: ratio <= MOST && one.errors + other.errors === 0 };
}

function figuresOf(rounds: readonly Measured[]): Figures {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    perSecond: rounds.reduce((sum, { perSecond }) => sum + perSecond, 0) / rounds.length,
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
  };
}
