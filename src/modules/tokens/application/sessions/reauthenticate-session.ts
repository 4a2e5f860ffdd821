import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { TokenSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { OpenSessions } from './open-sessions';
import type { Granted } from '../token-pairs';

/**
 * The user of a session has proven again who they are. Joins the caller's unit of work. Only the token issued for it
 * says so: one that was stolen before is as old as it was (ADR 0015).
 */
@Injectable()
export class ReauthenticateSession {
  constructor(
    private readonly open: OpenSessions,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  /** `methods` of RFC 8176. null when the session has ended meanwhile. */
  execute(by: Principal, methods: readonly string[]): Promise<Granted | null> {
    return this.work.run(async (now) => {
      const session = by.sessionId && (await this.open.take(by.sessionId));
      if (!session?.reauthenticate(methods, this.settings.lifetimes.aal2, now)) return null;
      await this.open.save(session);
      // In the tenant of the token that asked, which need not be the one the session is in by now. A proof by a second factor
      // may have freed it.
      const worth = await this.open.worthIn(by.tenantId, session, now);
      if (!worth) return null;
      const state = { ...session.snapshot(), tenantId: by.tenantId };
      return { session: state, grants: worth, confined: worth.confined, at: now };
    });
  }
}
