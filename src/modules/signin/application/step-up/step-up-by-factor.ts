import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import type { SessionId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { MfaFacade, type PreparedCode } from '../../../mfa/mfa.facade';
import { type AccessToken, AccessTokenRefused, type Granted, TokensFacade } from '../../../tokens/tokens.facade';
import { InvalidFactorCode } from '../../domain/errors';
import { steppedUp, stepUpRefused } from '../../signin.events';
import type { ShownMethod } from '../shown-method';

export type FactorProof = { readonly method: ShownMethod; readonly code: string };

type Outcome =
  | { readonly kind: 'raised'; readonly granted: Granted }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'session_ended' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number };

/** Lets the user of a session prove again by a second factor who they are. */
@Injectable()
export class StepUpByFactor {
  constructor(
    private readonly accounts: AccountsFacade,
    private readonly mfa: MfaFacade,
    private readonly tokens: TokensFacade,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws InvalidFactorCode, for whatever reason; RateLimitExceeded when nothing was compared, for too many codes of the
   * account were wrong of late; AccessTokenRefused when the session ended meanwhile; Overloaded.
   */
  async execute(by: Principal, { method, code }: FactorProof): Promise<AccessToken> {
    const { sessionId } = by;
    const isComparable = method !== 'webauthn' && sessionId !== null;
    const prepared = isComparable ? await this.mfa.prepare(by.userId, { method, code }) : null;
    const outcome = await this.work.run(() =>
      prepared && sessionId !== null ? this.decide(by, prepared, sessionId) : this.refuse(by, 'method_unavailable'),
    );
    // Refused only after the commit, so that the wrong code stays counted.
    if (outcome.kind === 'wrong') throw new InvalidFactorCode();
    if (outcome.kind === 'too_many') throw new RateLimitExceeded(outcome.retryAfterSeconds);
    if (outcome.kind === 'session_ended') throw new AccessTokenRefused('TOKEN_INVALID');
    return this.tokens.issueAccess(outcome.granted);
  }

  private async decide(by: Principal, prepared: PreparedCode, session: SessionId): Promise<Outcome> {
    // The user before the session, as whoever changes the password does.
    if (!(await this.accounts.hold(by.userId))) return this.refuse(by, 'account_gone');
    const verdict = await this.mfa.prove(prepared, { kind: 'session', id: session });
    if (verdict.kind === 'wrong') return this.refuse(by, verdict.reason);
    if (verdict.kind === 'too_many') {
      await this.events.append(stepUpRefused(by, 'too_many'));
      return verdict;
    }
    const granted = await this.tokens.reauthenticate(by, verdict.amr);
    await this.events.append(granted ? steppedUp(by, verdict.amr) : stepUpRefused(by, 'session_ended'));
    return granted ? { kind: 'raised', granted } : { kind: 'session_ended' };
  }

  private async refuse(by: Principal, reason: string): Promise<Outcome> {
    await this.events.append(stepUpRefused(by, reason));
    return { kind: 'wrong' };
  }
}
