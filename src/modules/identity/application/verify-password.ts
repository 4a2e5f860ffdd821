import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import type { UserState } from '../domain/user';
import { Passwords } from './passwords';
import { Users } from './users.port';

/** A password that matched, as of a moment ago: whoever acts on it takes the user and decides again. */
export type PasswordProof = {
  readonly kind: 'proven';
  readonly userId: UserId;
  readonly provenHash: string;
  /** Set when the stored hash is weaker than today's. */
  readonly upgradedHash: string | null;
};

export type PasswordVerification =
  | PasswordProof
  | { readonly kind: 'refused'; readonly userId: UserId | null; readonly reason: 'unknown_user' | 'wrong_password' };

/** Compares a password with the account's, in the same time whether there is such an account or not. */
@Injectable()
export class VerifyPassword {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
  ) {}

  /** `login` is an e-mail address or a username. */
  async execute(login: string, typed: string): Promise<PasswordVerification> {
    return this.verify((await this.users.findByLogin(login))?.snapshot(), typed);
  }

  /** For somebody whose name is known already. */
  async executeFor(id: UserId, typed: string): Promise<PasswordVerification> {
    return this.verify((await this.users.find(id))?.snapshot(), typed);
  }

  private async verify(user: UserState | undefined, typed: string): Promise<PasswordVerification> {
    const provenHash = user?.passwordHash ?? null;
    const matches = await this.passwords.verify(provenHash, typed);
    if (!user) return { kind: 'refused', userId: null, reason: 'unknown_user' };
    if (!matches || provenHash === null) return { kind: 'refused', userId: user.id, reason: 'wrong_password' };
    return {
      kind: 'proven',
      userId: user.id,
      provenHash,
      upgradedHash: await this.passwords.upgrade(provenHash, typed),
    };
  }
}
