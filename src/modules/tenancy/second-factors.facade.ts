import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';

/**
 * Takes away all second factors of a user, and renews the security stamp, whether there were any or not. Within the caller's
 * unit of work, which holds the user. Returns how many there were.
 */
export type FactorRemoval = (user: UserId) => Promise<number>;

/** How second factors are taken away. Tenancy does not know them: who knows both says so here. */
@Injectable()
export class SecondFactors {
  private removal: FactorRemoval = () => Promise.reject(new Error('Nobody said how second factors are taken away'));

  /** Called once, while the application starts. */
  register(removal: FactorRemoval): void {
    this.removal = removal;
  }

  removeAll(user: UserId): Promise<number> {
    return this.removal(user);
  }
}
