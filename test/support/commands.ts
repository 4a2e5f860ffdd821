import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { bounded, CLI, type Exit, placeOf, type RunOptions, spawned } from './process';

export type Ended = Pick<Exit, 'code' | 'stdout' | 'stderr'>;

const HOST = join(__dirname, 'command-host.cjs');

let host: CommandHost | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * One command, to its end, in a process that the suite keeps for its commands: what they print and end with is what a
 * process of their own would, and only the first of them has to wait for its modules. One after another.
 */
export function command(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const ended = last.then(() => {
    if (!host?.isThere) host = new CommandHost(spawned([HOST, CLI], {}));
    return bounded(host.run(words, options), `doorward ${words.join(' ')} ends`);
  });
  last = ended.catch(() => undefined);
  return ended;
}

class CommandHost {
  private readonly stdout: Said;
  private readonly stderr: Said;
  private readonly gone: Promise<never>;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.stdout = new Said(child.stdout);
    this.stderr = new Said(child.stderr);
    this.gone = once(child, 'close').then(() => {
      throw new Error(`The process of the commands is gone: ${this.stderr.rest}`);
    });
    this.gone.catch(() => undefined);
  }

  get isThere(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async run(words: readonly string[], options: RunOptions): Promise<Ended> {
    const order = JSON.stringify({ words, input: options.input ?? '', ...placeOf(options) });
    const said = Promise.all([this.stdout.next(), this.stdout.next(), this.stderr.next()]);
    this.child.stdin.write(`${order}\n`);
    const [stdout, code, stderr] = await Promise.race([said, this.gone]);
    return { code: Number(code), stdout, stderr };
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
