import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { IdentityFacade, InvalidCredentials, type PasswordProof } from '../../identity/identity.facade';
import { type MembershipView, TenancyFacade } from '../../tenancy/tenancy.facade';
import { type ClientTraits, type Granted, type TokenPair, TokensFacade } from '../../tokens/tokens.facade';
import { nextStep } from '../domain/next-step';
import { honeypotHit, signedIn, signInRefused } from '../signin.events';

export type SignInInput = {
  readonly login: string;
  readonly password: string;
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly honeypot: boolean;
  readonly client: ClientTraits;
};

const PASSWORD = ['pwd'];

/** Signs in with a password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly tokens: TokensFacade,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws InvalidCredentials, for whatever reason. */
  async execute(input: SignInInput): Promise<TokenPair> {
    const verification = await this.identity.verifyPassword(input.login, input.password);
    const granted = await this.work.run(async () => {
      if (input.honeypot) return this.refuse(honeypotHit('login'));
      if (verification.kind === 'refused') return this.refuse(signInRefused(verification.userId, verification.reason));
      return this.open(verification, input);
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (!granted) throw new InvalidCredentials();
    return this.tokens.issue(granted);
  }

  private async open(proof: PasswordProof, input: SignInInput): Promise<Granted | null> {
    const membership = await this.tenancy.membershipOf(proof.userId, input.tenant);
    const inForce = membership?.tenant.status === 'active';
    // Only who gets in is on record as having signed in, so the account is asked last.
    const account = inForce ? await this.identity.admit(proof) : ({ kind: 'refused', reason: 'not_asked' } as const);
    const step = nextStep(membership?.tenant.status ?? 'not_a_member', account);
    if (step.kind === 'issue' && membership) return this.start(proof, step.securityStamp, membership, input);
    return this.refuse(signInRefused(proof.userId, step.kind === 'refuse' ? step.reason : 'tenant_not_a_member'));
  }

  private async start(
    { userId }: PasswordProof,
    securityStamp: string,
    membership: MembershipView,
    { client }: SignInInput,
  ): Promise<Granted> {
    const tenantId = membership.tenant.id;
    const authenticationMethods = PASSWORD;
    const opening = { userId, tenantId, securityStamp, grants: membership, authenticationMethods, client };
    const granted = await this.tokens.startSession(opening);
    await this.events.append(signedIn(userId, tenantId, granted.session.id, authenticationMethods));
    return granted;
  }

  private async refuse(event: Parameters<EventLog['append']>[0]): Promise<null> {
    await this.events.append(event);
    return null;
  }
}
