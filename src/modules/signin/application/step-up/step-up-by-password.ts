import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordRefusal,
} from '../../../identity/identity.facade';
import { LockoutFacade } from '../../../identity/lockout.facade';
import { type AccessToken, AccessTokenRefused, type Granted, TokensFacade } from '../../../tokens/tokens.facade';
import { steppedUp, stepUpRefused } from '../../signin.events';

type Raised = Granted | 'changed_meanwhile' | 'session_ended';

const PASSWORD = ['pwd'];

/** Lets the user of a session prove again by the password who they are. */
@Injectable()
export class StepUpByPassword {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly tokens: TokensFacade,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws InvalidCredentials, AccessTokenRefused when the session ended meanwhile, Overloaded. */
  async execute(by: Principal, password: string): Promise<AccessToken> {
    const verification = await this.identity.provePassword(by.userId, by.sessionId, password);
    const decision = (): Promise<Raised | 'not_proven'> =>
      verification.kind === 'proven' ? this.raise(by, verification) : this.refuse(by, verification);
    const granted = await this.lockouts.orAbandon(verification.attempt, () => this.work.run(decision));
    // Refused only after the commit, so that the attempt stays on record.
    if (granted === 'not_proven' || granted === 'changed_meanwhile') throw new InvalidCredentials();
    if (granted === 'session_ended') throw new AccessTokenRefused('TOKEN_INVALID');
    return this.tokens.issueAccess(granted);
  }

  private async raise(by: Principal, proof: PasswordProof): Promise<Raised> {
    // The user before the session, as whoever changes the password does.
    const isProven = await this.identity.isStillProven(proof);
    const granted = isProven ? await this.tokens.reauthenticate(by, PASSWORD) : null;
    const outcome = granted ?? (isProven ? 'session_ended' : 'changed_meanwhile');
    await this.lockouts.settle(proof.attempt, granted ? 'passed' : 'released');
    await this.events.append(typeof outcome === 'string' ? stepUpRefused(by, outcome) : steppedUp(by, PASSWORD));
    return outcome;
  }

  private async refuse(by: Principal, { attempt, outcome, reason }: PasswordRefusal): Promise<'not_proven'> {
    await this.lockouts.settle(attempt, outcome);
    await this.events.append(stepUpRefused(by, reason));
    return 'not_proven';
  }
}
