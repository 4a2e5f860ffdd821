import type { Answer } from './client';

type Item = { readonly name: string; readonly parameters: Readonly<Record<string, number>> };

export type Told = {
  readonly name: string;
  readonly remaining: number;
  /** Until one more passes. */
  readonly seconds: number;
  readonly quota: number;
  readonly window: number;
};

/** The one item of a structured field: a string with parameters that are whole numbers (RFC 9651). Throws for all else. */
export function itemOf(field: string): Item {
  const [, name, rest = ''] =
    /^"([\x20-\x21\x23-\x5b\x5d-\x7e]*)"((?:;[a-z*][a-z0-9_.*-]*=-?\d{1,15})*)$/.exec(field) ?? [];
  if (name === undefined) throw new Error(`Not one structured field item: ${field}`);
  const pairs = rest
    .split(';')
    .slice(1)
    .map((pair) => pair.split('=') as [string, string]);
  return { name, parameters: Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)])) };
}

/** What an answer tells about its limit; null: nothing. Both headers or neither, and of the same bucket. */
export function toldBy({ headers }: Answer): Told | null {
  const [limit, policy] = [headers.get('ratelimit'), headers.get('ratelimit-policy')];
  if (limit === null && policy === null) return null;
  const { name, parameters } = itemOf(limit ?? '');
  const of = itemOf(policy ?? '');
  if (of.name !== name) throw new Error(`The policy is of ${of.name}, the limit of ${name}`);
  const { r: remaining = NaN, t: seconds = NaN } = parameters;
  const { q: quota = NaN, w: window = NaN } = of.parameters;
  return { name, remaining, seconds, quota, window };
}

export const retryAfterOf = ({ headers }: Answer): number => Number(headers.get('retry-after') ?? NaN);
