import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../kernel/ids';
import { EventLog } from '../../../platform/events/event-log';
import type { PasswordVerification } from '../../identity/identity.facade';
import type { ClientTraits, Granted } from '../../tokens/tokens.facade';
import type { ChallengeState } from '../domain/challenge';
import type { Risk } from '../domain/risk';
import {
  challengeFailed,
  honeypotHit,
  registrationRefused,
  secondFactorAsked,
  signedIn,
  signInRefused,
  userRegistered,
} from '../signin.events';
import { AssessRisk } from './assess-risk';
import type { Asked } from './entrance/gate';

/** What goes on record of registrations and sign-ins. Within the unit of work of what it records. */
@Injectable()
export class SigninJournal {
  constructor(
    private readonly risks: AssessRisk,
    private readonly events: EventLog,
  ) {}

  /** The same statements whatever became of the password. */
  assess(verification: PasswordVerification, client: ClientTraits, now: Date): Promise<Risk> {
    const deviceIsKnown = verification.kind === 'proven' && verification.deviceId !== null;
    return this.risks.execute({ ...verification, deviceIsKnown }, client, now);
  }

  /** The user is in; from now on the place is a familiar one. */
  async signedIn({ session, at }: Granted, client: ClientTraits, risk: Risk): Promise<void> {
    await this.risks.remember(session.userId, client, at);
    await this.events.append(signedIn(session, risk));
  }

  refused(user: UserId | null, reason: string, risk: Risk): Promise<void> {
    return this.events.append(signInRefused(user, reason, risk));
  }

  /** The password was right; whether it is the user, the second factor shows. */
  challenged(user: UserId, { membership, methods }: Asked, risk: Risk): Promise<void> {
    return this.events.append(secondFactorAsked(user, membership.tenant.id, methods, risk));
  }

  /** A code opened nothing; null: it was shown for what is no challenge. */
  challengeFailed(challenge: ChallengeState | null, method: string, reason: string): Promise<void> {
    return this.events.append(challengeFailed(challenge, method, reason));
  }

  honeypot(form: 'register' | 'login', ipAddress: string | null): Promise<void> {
    return this.events.append(honeypotHit(form, this.risks.ofHoneypot(ipAddress)));
  }

  registered(user: UserId, tenant: TenantId): Promise<void> {
    return this.events.append(userRegistered(user, tenant));
  }

  registrationRefused(reason: string): Promise<void> {
    return this.events.append(registrationRefused(reason));
  }
}
