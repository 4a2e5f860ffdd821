import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { auditLog } from './audit-log';
import type { Comparison } from './compare';
import { manyTenants } from './many-tenants';

type Bench = {
  readonly title: string;
  readonly few: string;
  readonly many: string;
  readonly name: string;
  readonly run: () => Promise<readonly (Comparison & { readonly what: string })[]>;
};

const BENCHES: Readonly<Record<string, Bench>> = {
  tenants: {
    ...{ title: '10,000 tenants against 10', few: '10', many: '10,000' },
    ...{ name: 'many_tenants', run: manyTenants },
  },
  audit: {
    ...{ title: '10,000,000 events against 10,000', few: '10,000', many: '10,000,000' },
    ...{ name: 'audit_log', run: auditLog },
  },
};

/** Prints a table and keeps the figures; asserts nothing. */
async function main([which = 'tenants']: readonly string[]): Promise<void> {
  const bench = BENCHES[which];
  if (!bench) throw new Error(`There is no such bench: ${which}`);
  const rows = await bench.run();
  const at = new Date(performance.timeOrigin).toISOString();
  const folder = join(process.cwd(), 'bench');
  mkdirSync(folder, { recursive: true });
  const file = which === 'tenants' ? 'results.json' : `results-${which}.json`;
  const kept = { at, cores: cpus().length, node: process.version, [bench.name]: rows };
  writeFileSync(join(folder, file), `${JSON.stringify(kept, null, 2)}\n`);
  process.stdout.write(`${table(bench, rows)}\n`);
}

function table({ title, few, many }: Bench, rows: readonly (Comparison & { readonly what: string })[]): string {
  const head = [title, 'p50 ms', 'p95 ms', 'p99 ms', 'per s', 'errors', 'ratio of p95', 'at most 1.2'];
  const lines = rows.flatMap((row) =>
    [row.few, row.many].map((side, index) => [
      `${row.what}, ${index === 0 ? few : many}`,
      ...[side.p50, side.p95, side.p99].map((each) => each.toFixed(2)),
      side.perSecond.toFixed(0),
      String(side.errors),
      index === 0 ? '' : row.ratio.toFixed(3),
      index === 0 ? '' : row.holds ? 'holds' : 'missed',
    ]),
  );
  const width = Math.max(...[head, ...lines].map(([first = '']) => first.length)) + 2;
  return [head, ...lines]
    .map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(width) : cell.padStart(13))).join(''))
    .join('\n');
}

void main(process.argv.slice(2));
