import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Clock } from '../../../../platform/time/clock';
import { type BackupCode, parseBackupCode } from '../../domain/backup-code';
import { BackupCodes } from '../backup-codes.port';
import { Factors } from '../factors.port';
import type { PreparedCode, TypedCode } from '../prove-factor';
import { BackupCodeHasher } from './backup-code-hasher.port';

/** Does what is slow about a code before anything is held for it: finds the backup code it is, if it is one. */
@Injectable()
export class PrepareCode {
  constructor(
    private readonly codes: BackupCodes,
    private readonly hasher: BackupCodeHasher,
    private readonly factors: Factors,
    private readonly clock: Clock,
  ) {}

  /** Says nothing yet: what it finds may be used up, or in force no more, when it is decided about. Throws Overloaded. */
  async execute(userId: UserId, typed: TypedCode): Promise<PreparedCode> {
    const mayBeOne = typed.method === null || typed.method === 'backup_codes';
    const code = mayBeOne ? parseBackupCode(typed.code) : null;
    return { ...typed, userId, backupCodeId: code && (await this.matching(userId, code)) };
  }

  /**
   * One hash, whether there is such a selector or not: nobody learns by the time it takes which there are. None while no code
   * of the account is looked at, or whoever is told to wait could have hashes made all the same.
   */
  private async matching(user: UserId, { selector, secret }: BackupCode): Promise<string | null> {
    const guesses = await this.factors.guessesOf(user);
    if (guesses.waitSeconds(this.clock.now()) > 0) return null;
    const stored = await this.codes.find(user, selector);
    if (!stored) {
      await this.hasher.matchNothing(secret);
      return null;
    }
    return (await this.hasher.matches(stored.hash, secret)) ? stored.id : null;
  }
}
