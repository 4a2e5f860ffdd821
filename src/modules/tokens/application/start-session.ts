import { Injectable } from '@nestjs/common';
import { sessionId, type TenantId, type UserId } from '../../../kernel/ids';
import { TokenSettings } from '../../../platform/config/settings';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Session } from '../domain/session';
import { Sessions } from './sessions.port';
import { type Grants, lifetimesOf, type TokenPair, TokenPairs } from './token-pairs';

export type SessionOpening = Grants & {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** RFC 8176. */
  readonly authenticationMethods: readonly string[];
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

/** Opens a session for somebody who has proven to be the user. Joins the caller's unit of work. */
@Injectable()
export class StartSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly pairs: TokenPairs,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  execute({ roles, permissions, authenticationMethods, ...opening }: SessionOpening): Promise<TokenPair> {
    return this.work.run(async (now) => {
      const session = Session.start(
        {
          ...opening,
          id: sessionId(this.random.uuid(now)),
          secret: this.random.bytes(32),
          authenticationMethods: [...authenticationMethods],
        },
        lifetimesOf(this.settings),
        now,
      );
      await this.sessions.add(session);
      return this.pairs.issue(session.snapshot(), { roles, permissions }, now);
    });
  }
}
