import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Injectable } from '@nestjs/common';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** What a command says: words for people, or with --json one value for programs and nothing else. */
@Injectable()
export class Terminal {
  /** Returns when it is written: a process that exits earlier cuts what a pipe has not taken yet. */
  say(json: boolean, value: Json, words: string): Promise<void> {
    return written(`${json ? harmless(JSON.stringify(value, null, 2)) : words}\n`);
  }

  /** Whether somebody at the terminal types yes. null: there is no terminal, and so nobody to ask. */
  async confirm(question: string): Promise<boolean | null> {
    const { stdin: input, stderr: output } = process;
    if (!input.isTTY) return null;
    const lines = createInterface({ input, output });
    try {
      // Whoever ends the input instead of answering has not said yes.
      const ended = once(lines, 'close').then(() => '');
      const answer = await Promise.race([lines.question(`${question} Type yes to go on: `), ended]);
      return answer.trim() === 'yes';
    } finally {
      lines.close();
    }
  }

  /** Secrets come this way, never as flags: flags stand in the process list. One line, without its end. */
  async secretFromStdin(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }
}

export function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** What moves the cursor, colours, or turns the reading direction, and what of it ends no line. */
const COMMANDS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const COMMANDS_WITHIN = /(?!\r?\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Somebody's words as a terminal may show them, on one line: what would be a command to it is shown by its number. */
export function printable(text: string): string {
  return text.replace(COMMANDS, byNumber);
}

/** The same of whole lines: of JSON, whose meaning it does not change, for one. */
export function harmless(text: string): string {
  return text.replace(COMMANDS_WITHIN, byNumber);
}

/** As JSON writes it. */
function byNumber(command: string): string {
  return Array.from({ length: command.length }, (_none, at) => command.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** Rows under a heading, in columns. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(line).join('\n');
}
