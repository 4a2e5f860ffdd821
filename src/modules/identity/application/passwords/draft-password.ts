import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { ownWords } from '../../domain/password-policy';
import { TenantRules } from '../../tenant-rules.facade';
import { PasswordHistory } from './password-history.port';
import { Passwords } from './passwords';
import { Users } from '../users.port';

/** Checks and hashes the next password of a user there is, before any transaction. */
@Injectable()
export class DraftPassword {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly rules: TenantRules,
    private readonly history: PasswordHistory,
  ) {}

  /** The hash. Throws ValidationFailed naming `field`, and Overloaded. */
  async execute(id: UserId, typed: string, field: string): Promise<string> {
    const user = (await this.users.find(id))?.snapshot();
    const { words, passwordHistory } = await this.rules.of(id);
    const former = await this.history.latestOf(id, passwordHistory);
    const current = user?.passwordHash ?? null;
    return this.passwords.hashNew(typed, field, {
      words,
      own: user ? ownWords(user) : [],
      former: passwordHistory > 0 && current !== null ? [current, ...former] : former,
    });
  }
}
