import { SingleBar } from 'cli-progress';

/** Part of something, and how far one is behind it, from 0 to 1. */
export type Piece = { readonly text: string; readonly share: number; readonly count: number };

/** How far something is, on standard error and on a terminal alone. */
export class Progress {
  private readonly bar: SingleBar | null = null;
  private done = 0;

  constructor(what: string) {
    if (!process.stderr.isTTY) return;
    this.bar = new SingleBar({
      format: `{bar} {percentage} %  {count} ${what}`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
    });
    this.bar.start(100, 0, { count: 0 });
  }

  /** The texts of the pieces, as they are taken. */
  async *watched(pieces: AsyncIterable<Piece>): AsyncGenerator<string> {
    for await (const { text, share, count } of pieces) {
      yield text;
      this.done += count;
      this.bar?.update(Math.floor(share * 100), { count: this.done });
    }
  }

  /** How many were taken. */
  get count(): number {
    return this.done;
  }

  end(): void {
    this.bar?.stop();
  }
}

/** How many whole lines went by. */
export class CountedLines {
  count = 0;

  async *watched(texts: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const text of texts) {
      yield text;
      this.count += text.split('\n').length - 1;
    }
  }
}
