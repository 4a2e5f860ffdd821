import { Injectable } from '@nestjs/common';
import type { Month } from '../../domain/archive/due-months';
import { AuditKeys } from '../seals/audit-keys.port';
import { type HeldTogether, heldTogether } from '../seals/hold-together';
import { verdictAmong } from '../seals/verdict';
import { ArchiveFiles } from './archive-files.port';

/** Holds what lies in the files of a month to its seals, as whoever has nothing but them would. */
@Injectable()
export class CheckArchive {
  constructor(
    private readonly files: ArchiveFiles,
    private readonly keys: AuditKeys,
  ) {}

  /** Throws what reading the files throws. */
  async execute(folder: string, month: Month): Promise<HeldTogether> {
    const keys = await this.keys.list();
    return heldTogether(this.files.read(folder, month), 'whole', (seal, payload) => verdictAmong(keys, seal, payload));
  }
}
