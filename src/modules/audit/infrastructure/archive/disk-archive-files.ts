import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Random } from '../../../../platform/crypto/random';
import { type ArchiveFile, ArchiveFiles } from '../../application/archive/archive-files.port';
import type { Month } from '../../domain/archive/due-months';
import type { FiledLog } from '../../application/seals/hold-together';
import type { LoggedEvent } from '../../domain/seals/logged-event';
import type { Seal } from '../../domain/seals/seal';
import { readEventLine } from '../lines/event-lines';
import { linesOfFile } from '../lines/file-lines';
import { linkLineOf, readSealLine, sealLineOf } from '../lines/seal-lines';

type Chunks = AsyncIterable<Buffer | string>;

const eventsIn = (folder: string, month: Month): string => join(folder, `${month.slice(0, 7)}.ndjson.gz`);
const sealsIn = (folder: string, month: Month): string => join(folder, `${month.slice(0, 7)}.seals.ndjson`);

/** Files that only who runs the service may read. They get their names when they are on the disk. */
@Injectable()
export class DiskArchiveFiles extends ArchiveFiles {
  constructor(private readonly random: Random) {
    super();
  }

  writeEvents(folder: string, month: Month, lines: AsyncIterable<string>): Promise<ArchiveFile> {
    return this.write(folder, eventsIn(folder, month), lines);
  }

  writeSeals(folder: string, month: Month, seals: AsyncIterable<Seal>): Promise<ArchiveFile> {
    return this.write(
      folder,
      sealsIn(folder, month),
      mapped(seals, (seal) => (seal.payload.month === month ? sealLineOf(seal) : linkLineOf(seal))),
    );
  }

  async lying(folder: string, month: Month): Promise<{ readonly events: ArchiveFile; readonly seals: ArchiveFile }> {
    return { events: await lyingAt(eventsIn(folder, month)), seals: await lyingAt(sealsIn(folder, month)) };
  }

  read(folder: string, month: Month): FiledLog {
    return {
      events: mapped(linesOfFile(eventsIn(folder, month)), eventOf),
      seals: mapped(linesOfFile(sealsIn(folder, month)), readSealLine),
    };
  }

  private async write(folder: string, path: string, lines: AsyncIterable<string>): Promise<ArchiveFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${this.random.bytes(8).toString('hex')}`;
    const file = await open(draft, 'wx', 0o600);
    try {
      const written = await into(
        file,
        path,
        mapped(lines, (line) => `${line}\n`),
      );
      await file.sync();
      await file.close();
      await rename(draft, path);
      await synced(folder);
      return { path, ...written };
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(draft, { force: true });
      throw error;
    }
  }
}

/** Who wrote it was looked at when it was sealed: a file does not tell. */
function eventOf(line: string): LoggedEvent {
  const { record, isHonest } = readEventLine(line);
  return { record, authorship: 'signed', isSound: isHonest };
}

type Sums = Pick<ArchiveFile, 'fileSha256' | 'contentSha256'>;

async function into(file: FileHandle, path: string, text: AsyncIterable<string>): Promise<Sums> {
  const [content, whole] = [createHash('sha256'), createHash('sha256')];
  const sink = async (chunks: Chunks): Promise<void> => {
    for await (const chunk of chunks) {
      whole.update(chunk);
      await file.appendFile(chunk);
    }
  };
  const source = summed(text, content);
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), sink) : pipeline(source, sink));
  return { fileSha256: whole.digest('hex'), contentSha256: content.digest('hex') };
}

async function lyingAt(path: string): Promise<ArchiveFile> {
  const [content, whole] = [createHash('sha256'), createHash('sha256')];
  const source = summed(createReadStream(path) as AsyncIterable<Buffer>, whole);
  const sink = async (chunks: Chunks): Promise<void> => {
    for await (const chunk of chunks) content.update(chunk);
  };
  await (path.endsWith('.gz') ? pipeline(source, createGunzip(), sink) : pipeline(source, sink));
  return { path, fileSha256: whole.digest('hex'), contentSha256: content.digest('hex') };
}

async function* summed<T extends Buffer | string>(
  chunks: AsyncIterable<T>,
  sum: ReturnType<typeof createHash>,
): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    sum.update(chunk);
    yield chunk;
  }
}

async function* mapped<From, To>(items: AsyncIterable<From>, change: (item: From) => To): AsyncGenerator<To> {
  for await (const item of items) yield change(item);
}

/** A name is on the disk when its folder is. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
