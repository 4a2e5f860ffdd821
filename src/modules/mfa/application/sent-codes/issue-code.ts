import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { CodeUse } from '../../domain/code-use';
import type { SentMethod } from '../../domain/method';
import { SentCodes } from '../sent-codes.port';

export type CodeToIssue = {
  readonly userId: UserId;
  readonly method: SentMethod;
  readonly use: CodeUse;
};

/** A code that is to be sent, and when it ends. */
export type IssuedCode = { readonly code: string; readonly expiresAt: Date };

/** Makes a code that is to be sent; the one sent before for the same use is worth nothing from then on (MF-05). */
@Injectable()
export class IssueCode {
  constructor(
    private readonly codes: SentCodes,
    private readonly oneTime: OneTimeSecrets,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** Joins the unit of work, which holds the account's factors. */
  execute({ userId, method, use }: CodeToIssue): Promise<IssuedCode> {
    return this.work.run(async (now) => {
      const id = this.random.uuid(now);
      const { code, codeHash } = this.oneTime.makeCode(id);
      const expiresAt = new Date(now.getTime() + this.settings.codeSeconds * 1000);
      await this.codes.put({ id, userId, method, use, codeHash, createdAt: now, expiresAt });
      return { code, expiresAt };
    });
  }
}
