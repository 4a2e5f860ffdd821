import { Injectable } from '@nestjs/common';
import { CredentialsAmbiguous } from '../../../kernel/domain-error';
import type { SessionId } from '../../../kernel/ids';
import { TokenSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { InvalidRefreshToken } from '../domain/errors';
import type { Session } from '../domain/session';
import { refreshRefused, reuseDetected, sessionRevoked, tokenRefreshed, tokenRepeated } from '../tokens.events';
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

  /**
   * `alsoOf` is the session of an access token sent beside the refresh token.
   * Throws InvalidRefreshToken, for whatever reason, and CredentialsAmbiguous when the two name different sessions.
   */
  async execute(presented: string, alsoOf: SessionId | null = null): Promise<TokenPair> {
    const outcome = await this.work.run(async (now) => {
      const found = await this.open.takeByRefreshToken(presented);
      if (found && alsoOf !== null && alsoOf !== found.session.snapshot().id) return 'ambiguous';
      return found && this.decide(found.session, found.generation, now);
    });
    // Refused only after the commit: a throw inside would roll the end of a stolen session back.
    if (outcome === 'ambiguous') throw new CredentialsAmbiguous();
    if (!outcome) throw new InvalidRefreshToken();
    return outcome;
  }

  private async decide(session: Session, generation: number, now: Date): Promise<TokenPair | null> {
    const holder = await this.open.liveHolder(session, now);
    const rotation = session.rotate(generation, lifetimesOf(this.settings), now);
    if (rotation.kind === 'refused') return this.refuse(session, rotation.reason);
    if (rotation.kind === 'reuse_detected') return this.end(session);
    if (!holder) return this.refuse(session, 'holder_not_in_force');

    if (rotation.kind === 'rotated') await this.open.save(session);
    await this.events.append(
      rotation.kind === 'rotated' ? tokenRefreshed(session.snapshot()) : tokenRepeated(session.snapshot()),
    );
    return this.pairs.issue(session.snapshot(), holder, now);
  }

  private async end(session: Session): Promise<null> {
    await this.open.save(session);
    await this.events.append(reuseDetected(session.snapshot()));
    await this.events.append(sessionRevoked(session.snapshot(), 'token_reuse'));
    return null;
  }

  private async refuse(session: Session, reason: string): Promise<null> {
    await this.events.append(refreshRefused(session.snapshot(), reason));
    return null;
  }
}
