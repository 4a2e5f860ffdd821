import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export type MessageFile = { readonly id: string; readonly writtenAt: Date; readonly extension: string };

/**
 * Leaves a message as a file `<time>-<id>.<extension>` that its owner alone can read. Whoever watches the folder sees
 * whole messages alone, and the same one twice is one file.
 */
export async function leaveFile(
  folder: string,
  { id, writtenAt, extension }: MessageFile,
  contents: string | Buffer | Readable,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${stampOf(writtenAt)}-${id}.${extension}`);
  await writeFile(`${file}.part`, contents, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** `20260101T000000Z`: sorts by time, and every file system takes it. */
function stampOf(instant: Date): string {
  return instant.toISOString().replace(/[-:]|\.\d+/g, '');
}
