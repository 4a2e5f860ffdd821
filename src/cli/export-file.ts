import { open, rename, rm, stat } from 'node:fs/promises';
import { Refused } from './command';
import { harmless, written } from './terminal';

/** Where an export goes. */
export abstract class ExportFile {
  /** Standard output where it is called `-`. Throws Refused where the name is of a device, a pipe or a folder. */
  static async at(path: string): Promise<ExportFile> {
    if (path === '-') return new StandardOutput();
    const there = await stat(path).catch(() => null);
    // A whole file takes the place of what was there, and a device is not to lose its own.
    if (there?.isFile() === false) throw new Refused(`${path} is no file; - is standard output`);
    return new WholeFile(path);
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
