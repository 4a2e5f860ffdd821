import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { BACKUP_CODE_LETTERS, makeBackupCodes, shownBackupCode } from '../../domain/backup-code';
import { BackupCodes } from '../backup-codes.port';
import { BackupCodeHasher } from './backup-code-hasher.port';

/** A new set: as its owner sees it, and what is kept of it. */
export type BackupCodeSet = {
  readonly shown: readonly string[];
  readonly kept: readonly { readonly selector: string; readonly hash: string }[];
};

/** Makes sets of backup codes. */
@Injectable()
export class BackupCodeSets {
  constructor(
    private readonly hasher: BackupCodeHasher,
    private readonly codes: BackupCodes,
    private readonly random: Random,
    private readonly settings: MfaSettings,
  ) {}

  get areOffered(): boolean {
    return this.settings.methods.includes('backup_codes');
  }

  /** Slow, so not within a unit of work. An empty one where backup codes are not offered. Throws Overloaded. */
  async draft(): Promise<BackupCodeSet> {
    if (!this.areOffered) return { shown: [], kept: [] };
    const codes = makeBackupCodes(() => this.random.phrase(1, BACKUP_CODE_LETTERS));
    const hashes = await this.hasher.hash(codes.map(({ secret }) => secret));
    const kept = codes.map(({ selector }, at) => ({ selector, hash: hashes[at] ?? '' }));
    return { shown: codes.map(shownBackupCode), kept };
  }

  /** In force at once in the place of the one there was; with a factor being set up, when that is confirmed. */
  keep(user: UserId, { kept }: BackupCodeSet, factorId: string | null, now: Date): Promise<void> {
    const codes = kept.map((code) => ({ id: this.random.uuid(now), ...code }));
    return this.codes.put(user, codes, factorId, now);
  }
}
