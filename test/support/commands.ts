import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { bounded, CLI, type Exit, placeOf, type RunOptions } from './process';

export type Ended = Pick<Exit, 'code' | 'stdout' | 'stderr'>;

const HOST = join(__dirname, 'command-host.cjs');

/** A worker has one for all of its files, which each have modules of their own: so it is no module that keeps it. */
type Worker = NodeJS.Process & { commandHost?: CommandHost | undefined };
const worker: Worker = process;

let last: Promise<unknown> = Promise.resolve();

/**
 * One command, to its end, in a process that the worker keeps for its commands: what they print and end with is what a
 * process of their own would, and only the first of them has to wait for its modules. One after another.
 */
export function command(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const ended = last.then(async () => {
    if (!worker.commandHost?.isThere) worker.commandHost = new CommandHost();
    const host = worker.commandHost;
    try {
      const order = { words, input: options.input ?? '', ...placeOf(options) };
      return await bounded(host.run(order), `doorward ${words.join(' ')} ends`);
    } catch (error) {
      // What it says from now on would be taken for what the next command says.
      host.kill();
      throw error;
    }
  });
  last = ended.catch(() => undefined);
  return ended;
}

/** Ends when the worker does, with whom its standard input goes. */
class CommandHost {
  private readonly child = spawn(process.execPath, [HOST, CLI], { env: {} });
  private readonly stdout = new Said(this.child.stdout);
  private readonly stderr = new Said(this.child.stderr);
  private readonly gone: Promise<never>;

  constructor() {
    this.gone = once(this.child, 'close').then(() => {
      throw new Error(`The process of the commands is gone: ${this.stderr.rest}`);
    });
    this.gone.catch(() => undefined);
    // Nobody waits for it between two commands.
    for (const each of [this.child, ...this.child.stdio]) (each as { unref?: () => void } | null)?.unref?.();
  }

  get isThere(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && !this.child.killed;
  }

  async run(order: object): Promise<Ended> {
    const said = Promise.all([this.stdout.next(), this.stdout.next(), this.stderr.next()]);
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    const [stdout, code, stderr] = await Promise.race([said, this.gone]);
    return { code: Number(code), stdout, stderr };
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** What comes from a process, in pieces that end with a NUL. */
class Said {
  rest = '';
  private readonly wanted: ((piece: string) => void)[] = [];

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      this.rest += text;
      while (this.wanted.length > 0 && this.rest.includes('\0')) this.wanted.shift()?.(this.taken());
    });
  }

  /** To be asked before the piece is there. */
  next(): Promise<string> {
    return new Promise((resolve) => this.wanted.push(resolve));
  }

  private taken(): string {
    const [piece = '', ...rest] = this.rest.split('\0');
    this.rest = rest.join('\0');
    return piece;
  }
}
