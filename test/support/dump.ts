import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from './database';

const PACKAGED = '/usr/lib/postgresql';
const LARGEST = 64 * 1024 * 1024;

/** All that is stored, as somebody who stole a backup reads it. */
export function dumpOf(database: TestDatabase, source: DataSource): Promise<string> {
  const { DATABASE_URL: url } = database.variables;
  const program = url === undefined ? undefined : pgDump();
  return program === undefined || url === undefined
    ? everyTable(source)
    : Promise.resolve(execFileSync(program, ['--inserts', url], { encoding: 'utf8', maxBuffer: LARGEST }));
}

/** The newest there is: an older one refuses a newer server. */
function pgDump(): string | undefined {
  const versions = existsSync(PACKAGED) ? readdirSync(PACKAGED) : [];
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  const folders = [...newestFirst.map((version) => join(PACKAGED, version, 'bin')), '/usr/local/bin', '/usr/bin'];
  return folders.map((folder) => join(folder, 'pg_dump')).find((file) => existsSync(file));
}

async function everyTable(source: DataSource): Promise<string> {
  const tables = await source.query<{ name: string }[]>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) texts.push(await tableOf(source, name));
  return texts.join('\n');
}

/** One table, a line for each row. */
export async function tableOf(source: DataSource, name: string): Promise<string> {
  const rows = await source.query<{ line: string }[]>(`SELECT t::text AS line FROM ${name} t`);
  return [name, ...rows.map(({ line }) => line)].join('\n');
}

/** The spellings bytes have in a dump, a log or a configuration. */
export function spellings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const hex = buffer.toString('hex');
  // Without padding a base64 text is found within one that goes on, too.
  const base64 = buffer.toString('base64').replace(/=+$/, '');
  return [...new Set([hex, hex.toUpperCase(), base64, buffer.toString('base64url')])];
}

/** Those of a text: as it is, and as bytes. */
export function spellingsOfText(text: string): string[] {
  return [text, ...spellings(Buffer.from(text))];
}
