import { open, rename, rm } from 'node:fs/promises';
import { Refused } from './command';
import { harmless, written } from './terminal';

/** Where an export goes. */
export abstract class ExportFile {
  /** Standard output where it is called `-`. */
  static at(path: string): ExportFile {
    return path === '-' ? new StandardOutput() : new WholeFile(path);
  }

  abstract write(texts: AsyncIterable<string>): Promise<void>;
}

class StandardOutput extends ExportFile {
  /** What is read in a terminal does nothing to it; into a pipe goes what there is. */
  async write(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) await written(process.stdout.isTTY ? harmless(text) : text);
  }
}

/** A file that is there when it is whole, and not before. Nobody but its owner reads it. */
class WholeFile extends ExportFile {
  constructor(private readonly path: string) {
    super();
  }

  /** Throws Refused where there can be no such file. */
  async write(texts: AsyncIterable<string>): Promise<void> {
    const unfinished = `${this.path}.${String(process.pid)}.part`;
    const file = await open(unfinished, 'wx', 0o600).catch(refused(this.path));
    try {
      for await (const text of texts) await file.appendFile(text).catch(refused(this.path));
      await file.sync();
      await file.close();
      await rename(unfinished, this.path).catch(refused(this.path));
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

function refused(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code = 'unknown' }) => {
    throw new Refused(`${path} cannot be written: ${code}`);
  };
}
