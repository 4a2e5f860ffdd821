import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { manyTenants, type Row } from './many-tenants';

const RESULTS = join(process.cwd(), 'bench', 'results.json');

/** Prints a table and keeps the figures; asserts nothing. */
async function main(): Promise<void> {
  const rows = await manyTenants();
  const at = new Date(performance.timeOrigin).toISOString();
  mkdirSync(join(process.cwd(), 'bench'), { recursive: true });
  writeFileSync(
    RESULTS,
    `${JSON.stringify({ at, cores: cpus().length, node: process.version, many_tenants: rows }, null, 2)}\n`,
  );
  process.stdout.write(`${table(rows)}\n`);
}

function table(rows: readonly Row[]): string {
  const head = [
    '10,000 tenants against 10',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'per s',
    'errors',
    'ratio of p95',
    'at most 1.2',
  ];
  const lines = rows.flatMap(({ what, few, many, ratio, holds }) =>
    [few, many].map((side, index) => [
      index === 0 ? `${what}, 10` : `${what}, 10,000`,
      ...[side.p50, side.p95, side.p99].map((each) => each.toFixed(2)),
      side.perSecond.toFixed(0),
      String(side.errors),
      index === 0 ? '' : ratio.toFixed(3),
      index === 0 ? '' : holds ? 'holds' : 'missed',
    ]),
  );
  return [head, ...lines]
    .map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(26) : cell.padStart(13))).join(''))
    .join('\n');
}

void main();
