import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { StoreSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { Log } from '../../../../platform/logging/log';
import { HeadAnchor } from '../../application/seals/head-anchor.port';
import type { ChainHead } from '../../domain/seals/seal';

const NAME = 'audit-head.json';

/** In memory, and in a file of DATA_DIR that other processes and the next start find. */
@Injectable()
export class FileHeadAnchor extends HeadAnchor {
  private remembered: ChainHead | null = null;
  private isWarned = false;
  private readonly folder: string | null;

  constructor(
    { dataDir }: StoreSettings,
    private readonly random: Random,
    private readonly log: Log,
  ) {
    super();
    this.folder = dataDir.startsWith('memory://') ? null : dataDir;
  }

  async known(): Promise<readonly ChainHead[]> {
    const heads = [this.remembered, await this.read()].filter((head) => head !== null);
    return heads.filter(({ number, hash }, index) =>
      heads.slice(0, index).every((head) => head.number !== number || head.hash !== hash),
    );
  }

  async keep(head: ChainHead): Promise<void> {
    this.remembered = head;
    if (this.folder === null) return;
    try {
      await replaced(this.folder, this.random, head);
    } catch (error) {
      if (!this.isWarned)
        this.log.warn(`${NAME} cannot be written (${String(error)}): a cut is missed after a restart`);
      this.isWarned = true;
    }
  }

  /** What is no head says nothing, and is written over. */
  private async read(): Promise<ChainHead | null> {
    if (this.folder === null) return null;
    try {
      const { number, hash } = JSON.parse(await readFile(join(this.folder, NAME), 'utf8')) as Partial<ChainHead>;
      return typeof number === 'number' && typeof hash === 'string' ? { number, hash } : null;
    } catch {
      return null;
    }
  }
}

/** Whole at any moment: another process may be reading. */
async function replaced(folder: string, random: Random, head: ChainHead): Promise<void> {
  const draft = join(folder, `${NAME}.${random.bytes(8).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  await writeFile(draft, `${JSON.stringify(head)}\n`, { flag: 'wx', mode: 0o600 });
  await rename(draft, join(folder, NAME));
}
