import { Injectable } from '@nestjs/common';
import { CredentialsAmbiguous } from '../../../kernel/domain-error';
import type { SessionId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { isWithin } from '../../../platform/network/networks';
import { OutsideNetworks } from '../../tenancy/tenancy.facade';
import { InvalidRefreshToken } from '../domain/errors';
import type { Session } from '../domain/session';
import type { ClientTraits } from './sessions/devices.port';
import { OpenSessions } from './sessions/open-sessions';
import { RotationRecord } from './rotation-record';
import { type Granted, type TokenPair, TokenPairs } from './token-pairs';

export type RefreshInput = {
  readonly refreshToken: string;
  /** The session of an access token sent beside the refresh token. */
  readonly alsoOf: SessionId | null;
  readonly client: ClientTraits;
};

/** Exchanges a refresh token for the next pair. */
@Injectable()
export class RotateRefreshToken {
  constructor(
    private readonly open: OpenSessions,
    private readonly pairs: TokenPairs,
    private readonly record: RotationRecord,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws InvalidRefreshToken, for whatever reason, CredentialsAmbiguous when two sessions were named, and
   * OutsideNetworks where the token is as good as before, but not from there.
   */
  async execute({ refreshToken, alsoOf, client }: RefreshInput): Promise<TokenPair> {
    const outcome = await this.work.run(async (now) => {
      const found = await this.open.takeByRefreshToken(refreshToken);
      if (found && alsoOf !== null && alsoOf !== found.session.snapshot().id) return 'ambiguous';
      return found && this.decide(found.session, found.generation, client, now);
    });
    // Refused only after the commit: a throw inside would roll the end of a stolen session back.
    if (outcome === 'ambiguous') throw new CredentialsAmbiguous();
    if (outcome === 'outside') throw new OutsideNetworks();
    if (!outcome) throw new InvalidRefreshToken();
    return this.pairs.issue(outcome);
  }

  private async decide(
    session: Session,
    generation: number,
    client: ClientTraits,
    now: Date,
  ): Promise<Granted | 'outside' | null> {
    const worth = await this.open.worthOf(session, now);
    const policy = this.open.rotationPolicyOf(session, worth);
    const rotation = session.rotate(generation, this.open.fingerprintOf(client), policy, now);
    const isInside = worth !== null && isWithin(worth.networks, client.ipAddress);
    const isRotated = rotation.kind === 'rotated' && isInside;
    if (isRotated) session.usedFrom(client);
    if (isRotated || rotation.kind === 'reuse_detected') await this.open.save(session);

    const state = session.snapshot();
    if (rotation.kind === 'reuse_detected') await this.record.reused(state, client, now);
    else if (rotation.kind === 'refused') await this.record.refused(state, rotation.reason);
    else if (!worth) await this.record.refused(state, 'holder_not_in_force');
    else if (!isInside) {
      await this.record.refused(state, 'outside_networks');
      return 'outside';
    } else {
      await this.record.granted(state, rotation);
      return { session: state, grants: worth, confined: worth.confined, at: now };
    }
    return null;
  }
}
