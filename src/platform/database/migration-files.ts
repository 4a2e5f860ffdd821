import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Beside `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', '..', 'migrations');
const FILE = /^(\d{13})-([a-z0-9-]+)\.up\.sql$/;

type MigrationClass = new () => MigrationInterface;

/** The migrations of the `migrations` folder: `<13-digit ms>-<verb-phrase>.up.sql` and its `.down.sql`, in order. */
export function migrationClasses(): MigrationClass[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.up.sql'))
    .sort()
    .map(migrationOf);
}

function migrationOf(file: string): MigrationClass {
  const [, stamp, phrase] = FILE.exec(file) ?? [];
  if (stamp === undefined || phrase === undefined)
    throw new Error(`migrations/${file} is not named <13 digits>-<verb-phrase>.up.sql`);
  const sql = (direction: 'up' | 'down'): string =>
    readFileSync(join(FOLDER, `${stamp}-${phrase}.${direction}.sql`), 'utf8');
  return class implements MigrationInterface {
    /** What the `migrations` table remembers; TypeORM reads the order from its last 13 digits. */
    readonly name = `${phrase}-${stamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql('up'));
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(sql('down'));
    }
  };
}
