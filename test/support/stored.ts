import type { INestApplicationContext } from '@nestjs/common';
import { User, type NewUser } from '../../src/modules/identity/domain/user';
import type { TenantId, UserId } from '../../src/kernel/ids';
import { Users } from '../../src/modules/identity/application/users.port';
import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import type { TenantState } from '../../src/modules/tenancy/domain/tenant';
import { Sessions } from '../../src/modules/tokens/application/sessions/sessions.port';
import { type SessionOpening, StartSession } from '../../src/modules/tokens/application/sessions/start-session';
import { type TokenPair, TokenPairs } from '../../src/modules/tokens/application/token-pairs';
import type { Session, SessionState } from '../../src/modules/tokens/domain/session';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import type { Clock } from '../../src/platform/time/clock';
import { aClient } from './a-device';
import { aSession } from './a-session';
import { aTenant } from './a-tenant';
import { aUser } from './a-user';

/** Whatever of the service there is: with HTTP or without. */
export type Place = { readonly app: Pick<INestApplicationContext, 'get'>; readonly clock: Clock };

export type Member = { readonly userId: UserId; readonly tenantId: TenantId };

/** What a test finds in the database when it begins, put there through the ports. */
export class Stored {
  constructor(private readonly context: Place) {}

  async user(overrides: Partial<NewUser> = {}): Promise<User> {
    const user = aUser(overrides);
    await this.work.run(() => this.context.app.get(Users).add(user));
    return user;
  }

  async tenant(overrides: Partial<TenantState> = {}): Promise<TenantState> {
    const tenant = aTenant(overrides);
    await this.work.run(() => this.context.app.get(Tenants).add(tenant));
    return tenant;
  }

  async member({ userId, tenantId }: Member, role = 'viewer', at = this.context.clock.now()): Promise<void> {
    await this.work.run(() => this.context.app.get(Tenants).addMember(tenantId, userId, role, at));
  }

  /** A new user in a new tenant. */
  async newMember(user: Partial<NewUser> = {}, tenant: Partial<TenantState> = {}): Promise<Member> {
    const { id: userId } = (await this.user(user)).snapshot();
    const { id: tenantId } = await this.tenant(tenant);
    await this.member({ userId, tenantId });
    return { userId, tenantId };
  }

  async session(holder: Member, overrides: Partial<SessionState> = {}): Promise<Session> {
    const session = aSession(holder, overrides);
    await this.work.run(() => this.context.app.get(Sessions).add(session));
    return session;
  }

  /** The security stamp of a user at this moment. */
  async stampOf({ userId }: Pick<Member, 'userId'>): Promise<string> {
    const user = await this.context.app.get(Users).find(userId);
    if (!user) throw new Error('There is no such user');
    return user.snapshot().securityStamp;
  }

  /** A sign-in without any proof: the tokens of a new session of a member who may do nothing. */
  async signedIn(holder: Member, overrides: Partial<SessionOpening> = {}): Promise<TokenPair> {
    const granted = await this.context.app.get(StartSession).execute({
      ...holder,
      securityStamp: await this.stampOf(holder),
      grants: { roles: [], permissions: [] },
      authenticationMethods: ['pwd'],
      deviceTrusted: false,
      secondFactorDemanded: false,
      maxDays: null,
      client: aClient(),
      ...overrides,
    });
    return this.context.app.get(TokenPairs).issue(granted);
  }

  private get work(): UnitOfWork {
    return this.context.app.get(UnitOfWork);
  }
}
