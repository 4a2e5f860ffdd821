import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/principal';
import { TokenSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { InvalidRefreshToken } from '../domain/errors';
import type { Session } from '../domain/session';
import { refreshRefused, reuseDetected, sessionRevoked, tokenRefreshed } from '../tokens.events';
import { OpenSessions } from './open-sessions';
import { lifetimesOf, type TokenPair, TokenPairs } from './token-pairs';

/** Exchanges a refresh token for the next pair. */
@Injectable()
export class RotateRefreshToken {
  constructor(
    private readonly open: OpenSessions,
    private readonly pairs: TokenPairs,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  /** Throws InvalidRefreshToken, for whatever reason. */
  async execute(presented: string): Promise<TokenPair> {
    const pair = await this.work.run(async (now) => {
      const found = await this.open.takeByRefreshToken(presented);
      if (!found) return null;
      const holder = await this.open.liveHolder(found.session, now);
      if (!holder) return this.refuse(found.session, 'not_in_force');
      return this.rotate(found.session, found.generation, holder, now);
    });
    // Refused only after the commit: a throw inside would roll the end of a stolen session back.
    if (!pair) throw new InvalidRefreshToken();
    return pair;
  }

  private async rotate(session: Session, generation: number, holder: Principal, now: Date): Promise<TokenPair | null> {
    const rotation = session.rotate(generation, lifetimesOf(this.settings), now);
    switch (rotation.kind) {
      case 'refused':
        return this.refuse(session, rotation.reason);
      case 'reuse_detected':
        await this.open.save(session);
        await this.events.append(reuseDetected(session.snapshot()));
        await this.events.append(sessionRevoked(session.snapshot(), 'token_reuse'));
        return null;
      case 'rotated':
        await this.open.save(session);
        await this.events.append(tokenRefreshed(session.snapshot()));
        return this.pairs.issue(session.snapshot(), holder, now);
      case 'repeated':
        return this.pairs.issue(session.snapshot(), holder, now);
    }
  }

  private async refuse(session: Session, reason: string): Promise<null> {
    await this.events.append(refreshRefused(session.snapshot(), reason));
    return null;
  }
}
