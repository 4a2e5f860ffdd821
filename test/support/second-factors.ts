import type { Principal } from '../../src/kernel/principal';
import { ConfirmFactor } from '../../src/modules/mfa/application/confirm-factor';
import { PrepareCode } from '../../src/modules/mfa/application/backup-codes/prepare-code';
import { type FactorVerdict, ProveFactor } from '../../src/modules/mfa/application/prove-factor';
import { SetUpTotp } from '../../src/modules/mfa/application/totp/set-up-totp';
import type { CodeUse } from '../../src/modules/mfa/domain/code-use';
import type { Method } from '../../src/modules/mfa/domain/method';
import { TokensFacade } from '../../src/modules/tokens/tokens.facade';
import type { NewUser } from '../../src/modules/identity/domain/user';
import { Authenticator } from './authenticator';
import type { Place } from './stored';
import { type Member, Stored } from './stored';

export type Enrolled = {
  readonly by: Principal;
  readonly authenticator: Authenticator;
  readonly backupCodes: readonly string[];
};

/** People, and the second factors they set up, through the use cases. */
export class SecondFactors {
  readonly stored: Stored;

  constructor(private readonly context: Place & { readonly clock: { advance(by: { seconds: number }): void } }) {
    this.stored = new Stored(context);
  }

  /** Somebody who has just signed in. */
  async aCaller(user: Partial<NewUser> = {}): Promise<Principal> {
    return this.callerOf(await this.stored.newMember(user));
  }

  async callerOf(member: Member): Promise<Principal> {
    const tokens = this.context.app.get(TokensFacade);
    const { accessToken } = await this.stored.signedIn(member);
    const by = await tokens.authenticate(await tokens.verify(accessToken));
    if (!by) throw new Error('The session is over');
    return by;
  }

  async begun(by: Principal): Promise<Enrolled> {
    const { otpauthUrl, backupCodes } = await this.context.app.get(SetUpTotp).execute(by, null);
    return { by, authenticator: new Authenticator(otpauthUrl), backupCodes };
  }

  /** An authenticator app that was confirmed a minute ago: each of its codes is good. */
  async enrolled(by: Principal): Promise<Enrolled> {
    const begun = await this.begun(by);
    const code = begun.authenticator.codeAt(this.context.clock.now());
    await this.context.app.get(ConfirmFactor).execute(by, 'totp', code);
    this.context.clock.advance({ seconds: 60 });
    return begun;
  }

  async anEnrolled(user: Partial<NewUser> = {}): Promise<Enrolled> {
    return this.enrolled(await this.aCaller(user));
  }

  /** What becomes of a code. */
  async shown({ userId, sessionId }: Principal, code: string, method: Method | null = null): Promise<FactorVerdict> {
    const use: CodeUse = { kind: 'session', id: sessionId ?? 'none' };
    const prepared = await this.context.app.get(PrepareCode).execute(userId, { method, code });
    return this.context.app.get(ProveFactor).execute(prepared, use);
  }
}
