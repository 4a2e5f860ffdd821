import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/principal';
import { MailboxFacade } from '../../identity/mailbox.facade';
import type { Factor } from '../domain/factor';
import type { FactorGuesses } from '../domain/factor-guesses';
import type { FactorType } from '../domain/method';
import { BackupCodes } from './backup-codes.port';
import { FactorChanges } from './factor-changes';
import { FactorNotices } from './factor-notices';
import { Factors } from './factors.port';

/** What becomes of a factor being set up by the code that was shown of it. Within the unit of work that holds the account. */
@Injectable()
export class Confirmation {
  constructor(
    private readonly factors: Factors,
    private readonly backupCodes: BackupCodes,
    private readonly changes: FactorChanges,
    private readonly notices: FactorNotices,
    private readonly mailboxes: MailboxFacade,
  ) {}

  async succeeded(by: Principal, factor: Factor, guesses: FactorGuesses, now: Date): Promise<void> {
    const { id, type, userId } = factor.snapshot();
    factor.confirm(now);
    const replaced = await this.factors.confirm(factor);
    guesses.renewed(type);
    if (await this.backupCodes.activate(userId, id)) guesses.renewed('backup_codes');
    await this.factors.saveGuesses(guesses);
    // Its code was read where the account gets its mail (RC-09: the mailbox is proven from now on).
    if (type === 'email') await this.mailboxes.prove(userId);
    await this.changes.enrolled(by, type, replaced);
  }

  async failed(guesses: FactorGuesses, type: FactorType, now: Date): Promise<void> {
    const wrong = guesses.wrong(type, now);
    await this.factors.saveGuesses(guesses);
    await this.notices.wrongCode(guesses.snapshot().userId, type, wrong);
  }
}
