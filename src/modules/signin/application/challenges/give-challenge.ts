import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Method } from '../../../mfa/mfa.facade';
import { Challenge } from '../../domain/challenge';
import type { Risk } from '../../domain/risk';
import type { Asked } from '../entrance/gate';
import { Challenges } from './challenges.port';

/** For the client: what it shows beside the second factor, and by what that may be shown. */
export type GivenChallenge = {
  /** 256 random bits, kept nowhere. */
  readonly token: string;
  readonly methods: readonly Method[];
  readonly expiresInSeconds: number;
};

/** What the sign-in that goes on later must still know. */
export type SignInSoFar = {
  readonly risk: Risk;
  readonly authenticationMethods: readonly string[];
  readonly device: { readonly id: string | null; readonly remember: boolean };
  readonly byUsername: boolean;
};

/** Asks for the second factor of a sign-in. Joins the caller's unit of work. */
@Injectable()
export class GiveChallenge {
  constructor(
    private readonly challenges: Challenges,
    private readonly secrets: OneTimeSecrets,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  execute(userId: UserId, { membership, securityStamp, methods }: Asked, so: SignInSoFar): Promise<GivenChallenge> {
    return this.work.run(async (now) => {
      const id = this.random.uuid(now);
      const { token, tokenHash } = this.secrets.make(id);
      const challenge = Challenge.give(
        {
          id,
          tokenHash,
          userId,
          tenantId: membership.tenant.id,
          securityStamp,
          authenticationMethods: so.authenticationMethods,
          rememberDevice: so.device.remember,
          byUsername: so.byUsername,
          deviceId: so.device.id,
          riskScore: so.risk.score,
          riskSignals: so.risk.signals,
        },
        this.settings.challengeSeconds,
        now,
      );
      await this.challenges.add(challenge);
      return { token, methods, expiresInSeconds: this.settings.challengeSeconds };
    });
  }
}
