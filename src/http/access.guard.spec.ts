import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { sessionId, tenantId, userId } from '../kernel/ids';
import type { Principal } from '../kernel/principal';
import type { FactorType } from '../modules/mfa/mfa.facade';
import type { MfaFacade } from '../modules/mfa/mfa.facade';
import type { SessionProofs, TokensFacade } from '../modules/tokens/tokens.facade';
import { readSettings } from '../platform/config/read-settings';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../platform/events/event-log';
import {
  Authenticated,
  EvenConfined,
  FreshlySignedIn,
  Public,
  PublicKnowingCaller,
  PublicUnlessAsked,
  Requires,
  RequiresApiKey,
  RequiresFreshly,
  RequiresSession,
  SignedIn,
} from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';
import { noRequest, RequestContext } from '../platform/http/request-context';
import { Clock } from '../platform/time/clock';
import { AccessGuard } from './access.guard';
import { Confinement } from './confinement';
import { DeniedAccess } from './denied-access';
import { Freshness } from './freshness';
import { NetworkRule } from './network-rule';

class Routes {
  @Public() open(): void {}
  @PublicKnowingCaller() welcoming(): void {}
  @PublicKnowingCaller() @EvenConfined() welcomingAll(): void {}
  @SignedIn() @EvenConfined() leadingOut(): void {}
  @Authenticated() mine(): void {}
  @Requires('dataset:delete') guarded(): void {}
  @SignedIn() ofSessions(): void {}
  @FreshlySignedIn() dangerous(): void {}
  @RequiresApiKey('token:introspect') ofSystems(): void {}
  @RequiresFreshly('dataset:delete') guardedAndDangerous(): void {}
  @RequiresSession('dataset:delete') guardedOfSessions(): void {}
  @PublicUnlessAsked('link') openOrLinking(): void {}
  forgotten(): void {}
}

class ImmediateWork extends UnitOfWork {
  override overAllTenants<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  run<T>(work: (now: Date) => Promise<T>): Promise<T> {
    return work(new Date(0));
  }
  runAlone<T>(_name: string, work: (now: Date) => Promise<T>): Promise<T> {
    return work(new Date(0));
  }
  afterCommit(action: () => void): void {
    action();
  }
}

class RecordedEvents extends EventLog {
  readonly appended: DomainEvent[] = [];
  append(event: DomainEvent): Promise<void> {
    this.appended.push(event);
    return Promise.resolve();
  }
}

const NOW = new Date('2026-01-01T12:00:00.000Z');
const STEP_UP_SECONDS = 600;

class StandingClock extends Clock {
  now(): Date {
    return NOW;
  }
  elapsedMs(): number {
    return 0;
  }
  follow(): void {
    // It stands still.
  }
}

/** Whether sessions are in force at this moment, whatever is remembered of them. */
class Sessions {
  areInForce = true;
  factorShownAt: Date | null = null;
  proofsOf(): Promise<SessionProofs | null> {
    return Promise.resolve(this.areInForce ? { factorShownAt: this.factorShownAt } : null);
  }
}

/** What callers have enrolled. */
class Factors {
  enrolled: readonly FactorType[] = [];
  methodsOf(): Promise<readonly FactorType[]> {
    return Promise.resolve(this.enrolled);
  }
}

/** A user who has just signed in. */
const aPrincipal = (permissions: readonly string[], change: Partial<Principal> = {}): Principal => ({
  kind: 'user',
  userId: userId('01890a5d-ac96-774b-bcce-b302099a8057'),
  tenantId: tenantId('01890a5d-ac96-774b-bcce-b302099a8058'),
  sessionId: sessionId('01890a5d-ac96-774b-bcce-b302099a8059'),
  apiKeyId: null,
  authenticatedAt: NOW,
  roles: [],
  permissions,
  systemAdministrator: false,
  assurance: null,
  confined: false,
  networks: [],
  ...change,
});

const aKey = (permissions: readonly string[]): Principal =>
  aPrincipal(permissions, { kind: 'api_key', sessionId: null, authenticatedAt: null });

const requestOf = (user: Principal | undefined): DoorwardRequest => ({ headers: {}, raw: { rawHeaders: [] }, user });

const provenAgo = (milliseconds: number): Partial<Principal> => ({
  authenticatedAt: new Date(NOW.getTime() - milliseconds),
});

describe('the access guard', () => {
  const events = new RecordedEvents();
  const { signIn } = readSettings({ STEP_UP_TTL: String(STEP_UP_SECONDS) });
  const sessions = new Sessions();
  const factors = new Factors();
  const mfa = factors as unknown as MfaFacade;
  const confinement = new Confinement(mfa);
  const freshness = new Freshness(sessions as unknown as TokensFacade, mfa, new StandingClock(), signIn);
  const context = new RequestContext();
  const clock = new StandingClock();
  const denied = new DeniedAccess(new ImmediateWork(), events);
  const networks = new NetworkRule(context, clock);
  const guard = new AccessGuard(new Reflector(), denied, networks, confinement, freshness);

  beforeEach(() => {
    sessions.areInForce = true;
    sessions.factorShownAt = null;
    factors.enrolled = [];
  });

  function calling(
    handler: keyof Routes,
    user?: Principal,
    request: DoorwardRequest = requestOf(user),
  ): ExecutionContext {
    const host = new ExecutionContextHost(
      [request],
      Routes,
      Reflect.get<Routes, keyof Routes>(Routes.prototype, handler),
    );
    host.setType('http');
    return host;
  }

  it('lets anybody call a public route', async () => {
    await expect(guard.canActivate(calling('open'))).resolves.toBe(true);
  });

  it.each([
    'mine',
    'guarded',
    'ofSessions',
    'dangerous',
    'ofSystems',
    'guardedAndDangerous',
    'guardedOfSessions',
  ] as const)('asks for a credential on the route "%s"', async (route) => {
    await expect(guard.canActivate(calling(route))).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
  });

  it('lets anybody known call a route that asks for no permission', async () => {
    await expect(guard.canActivate(calling('mine', aPrincipal([])))).resolves.toBe(true);
  });

  it.each(['dataset:delete', 'dataset:*', '*:*'])('accepts the grant %s', async (grant) => {
    await expect(guard.canActivate(calling('guarded', aPrincipal([grant])))).resolves.toBe(true);
  });

  it.each([[[]], [['dataset:read']], [['*:delete']], [['Dataset:delete']]])(
    'refuses the grants %j, and records it',
    async (grants) => {
      const before = events.appended.length;
      const refused = guard.canActivate(calling('guarded', aPrincipal(grants)));
      await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      expect(events.appended.slice(before)).toEqual([
        expect.objectContaining({
          type: 'access.denied',
          outcome: 'failure',
          details: { permission: 'dataset:delete' },
        }),
      ]);
    },
  );

  it.each([
    ['ofSessions', aKey(['*:*']), 'needs_session'],
    ['dangerous', aKey(['*:*']), 'needs_session'],
    ['guardedAndDangerous', aKey(['*:*']), 'needs_session'],
    ['guardedOfSessions', aKey(['*:*']), 'needs_session'],
    ['ofSystems', aPrincipal(['*:*']), 'needs_api_key'],
  ] as const)(
    'refuses on the route "%s" the other kind of credential, whatever it may do',
    async (route, user, reason) => {
      const refused = guard.canActivate(calling(route, user));
      await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      expect(events.appended.at(-1)).toMatchObject({ type: 'access.denied', details: { reason } });
    },
  );

  it.each([
    ['mine', aKey([])],
    ['guarded', aKey(['dataset:delete'])],
    ['ofSystems', aKey(['token:introspect'])],
    ['ofSessions', aPrincipal([])],
    ['dangerous', aPrincipal([])],
    ['guardedAndDangerous', aPrincipal(['dataset:delete'])],
    ['guardedOfSessions', aPrincipal(['dataset:delete'])],
  ] as const)('lets the right kind of credential call "%s"', async (route, user) => {
    await expect(guard.canActivate(calling(route, user))).resolves.toBe(true);
  });

  it.each(['ofSessions', 'dangerous', 'ofSystems', 'guardedAndDangerous'] as const)(
    'takes the development administrator for whoever "%s" asks for',
    async (route) => {
      const development = aPrincipal(['*:*'], { kind: 'development', sessionId: null });
      await expect(guard.canActivate(calling(route, development))).resolves.toBe(true);
    },
  );

  describe('where a route is public unless its query asks for more', () => {
    const asking = (query: unknown, user?: Principal): Promise<boolean> =>
      guard.canActivate(calling('openOrLinking', user, Object.assign(requestOf(user), { query })));

    it.each([undefined, {}, { link: 'false' }, { link: '0' }, { link: '' }, { link: ['true'] }, { other: 'true' }])(
      'lets anybody call who asks %j',
      async (query) => {
        await expect(asking(query)).resolves.toBe(true);
        await expect(asking(query, aKey([]))).resolves.toBe(true);
      },
    );

    it.each(['true', '1'])('asks of link=%s for a session, and a fresh one', async (link) => {
      await expect(asking({ link })).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
      await expect(asking({ link }, aKey(['*:*']))).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      const stale = aPrincipal([], provenAgo(STEP_UP_SECONDS * 1000));
      await expect(asking({ link }, stale)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
      const confined = aPrincipal([], { confined: true });
      await expect(asking({ link }, confined)).rejects.toMatchObject({ code: 'MFA_ENROLMENT_REQUIRED' });
      await expect(asking({ link }, aPrincipal([]))).resolves.toBe(true);
    });
  });

  it('asks a session for its permission where only sessions may call', async () => {
    const refused = guard.canActivate(calling('guardedOfSessions', aPrincipal(['dataset:read'])));
    await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });

  it('asks a key for its permission where only keys may call', async () => {
    const refused = guard.canActivate(calling('ofSystems', aKey(['dataset:*'])));
    await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });

  it.each([0, 1000, STEP_UP_SECONDS * 1000 - 1])('takes a proof that is %i ms old for fresh', async (ago) => {
    await expect(guard.canActivate(calling('dangerous', aPrincipal([], provenAgo(ago))))).resolves.toBe(true);
  });

  it.each([STEP_UP_SECONDS * 1000, STEP_UP_SECONDS * 1000 + 1, 86_400_000])(
    'asks for a new proof where one is %i ms old, and records it',
    async (ago) => {
      const refused = guard.canActivate(calling('dangerous', aPrincipal([], provenAgo(ago))));
      await expect(refused).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(events.appended.at(-1)).toMatchObject({
        type: 'access.denied',
        outcome: 'failure',
        details: { reason: 'step_up_required' },
      });
    },
  );

  it('asks for a new proof only where a fresh one is needed', async () => {
    const longAgo = provenAgo(86_400_000);
    await expect(guard.canActivate(calling('ofSessions', aPrincipal([], longAgo)))).resolves.toBe(true);
    await expect(guard.canActivate(calling('guarded', aPrincipal(['*:*'], longAgo)))).resolves.toBe(true);
    await expect(guard.canActivate(calling('guardedOfSessions', aPrincipal(['*:*'], longAgo)))).resolves.toBe(true);
  });

  it.each(['dangerous', 'guardedAndDangerous'] as const)(
    'refuses on the route "%s" a session that ended a moment ago, whatever is remembered of it, and records it',
    async (route) => {
      sessions.areInForce = false;
      const refused = guard.canActivate(calling(route, aPrincipal(['*:*'])));
      await expect(refused).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
      expect(events.appended.at(-1)).toMatchObject({ type: 'access.denied', details: { reason: 'token_invalid' } });
    },
  );

  it('does not look again where nothing is dangerous', async () => {
    sessions.areInForce = false;
    await expect(guard.canActivate(calling('ofSessions', aPrincipal([])))).resolves.toBe(true);
  });

  describe('where the account has a second factor', () => {
    beforeEach(() => {
      factors.enrolled = ['totp'];
    });

    it.each(['dangerous', 'guardedAndDangerous'] as const)(
      'asks on the route "%s" for a proof by it, however fresh the password is, and records that',
      async (route) => {
        const refused = guard.canActivate(calling(route, aPrincipal(['*:*'], { assurance: 'aal1' })));
        await expect(refused).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
        expect(events.appended.at(-1)).toMatchObject({ details: { reason: 'step_up_required' } });
      },
    );

    it('is content with a session that has shown one by now, whatever was remembered of it', async () => {
      sessions.factorShownAt = new Date(NOW.getTime() - STEP_UP_SECONDS * 1000 + 1);
      const user = aPrincipal([], { assurance: 'aal1' });
      await expect(guard.canActivate(calling('dangerous', user))).resolves.toBe(true);
    });

    it('asks for it anew where it was shown too long ago, however fresh the password is', async () => {
      sessions.factorShownAt = new Date(NOW.getTime() - STEP_UP_SECONDS * 1000);
      const user = aPrincipal([], { assurance: 'aal2' });
      await expect(guard.canActivate(calling('dangerous', user))).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
    });

    it('asks for a new proof where the user signed in too long ago', async () => {
      sessions.factorShownAt = NOW;
      const user = aPrincipal([], { assurance: 'aal2', ...provenAgo(86_400_000) });
      await expect(guard.canActivate(calling('dangerous', user))).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
    });

    it('asks for none where nothing is dangerous, nor of the development administrator', async () => {
      await expect(guard.canActivate(calling('guarded', aPrincipal(['*:*'])))).resolves.toBe(true);
      const development = aPrincipal(['*:*'], { kind: 'development', sessionId: null });
      await expect(guard.canActivate(calling('dangerous', development))).resolves.toBe(true);
    });
  });

  describe('of a session that must show a second factor first', () => {
    const confined = aPrincipal([], { assurance: 'aal1', confined: true });
    const GUARDED = ['mine', 'guarded', 'ofSessions', 'dangerous', 'guardedAndDangerous', 'guardedOfSessions'] as const;

    it.each(GUARDED)('tells on the route "%s" who has no factor to enrol one, and records it', async (route) => {
      const refused = guard.canActivate(calling(route, confined));
      await expect(refused).rejects.toMatchObject({ code: 'MFA_ENROLMENT_REQUIRED' });
      expect(events.appended.at(-1)).toMatchObject({
        type: 'access.denied',
        outcome: 'failure',
        details: { reason: 'mfa_enrolment_required' },
      });
    });

    it.each(GUARDED)('tells on the route "%s" who has a factor to show it, and records it', async (route) => {
      factors.enrolled = ['sms'];
      await expect(guard.canActivate(calling(route, confined))).rejects.toMatchObject({ code: 'MFA_REQUIRED' });
      expect(events.appended.at(-1)).toMatchObject({ type: 'access.denied', details: { reason: 'mfa_required' } });
    });

    it.each(['leadingOut', 'welcomingAll'] as const)('leaves the route "%s" open', async (route) => {
      const request = requestOf(confined);
      await expect(guard.canActivate(calling(route, confined, request))).resolves.toBe(true);
      expect(request.user).toBe(confined);
    });

    it('sets it aside where anybody may call, and says why', async () => {
      const request = requestOf(confined);
      await expect(guard.canActivate(calling('welcoming', confined, request))).resolves.toBe(true);
      expect([request.user, request.disbelief]).toEqual([undefined, 'MFA_ENROLMENT_REQUIRED']);
    });

    it('says of no other session anything, whatever its account has', async () => {
      factors.enrolled = ['totp'];
      const request = requestOf(aPrincipal([]));
      for (const route of ['mine', 'ofSessions', 'leadingOut', 'welcoming'] as const) {
        await expect(guard.canActivate(calling(route, undefined, request))).resolves.toBe(true);
      }
      expect([request.user?.kind, request.disbelief]).toEqual(['user', undefined]);
    });

    it('opens no route by a decorator that stands where it is not heard', () => {
      const wrong = (): unknown => {
        class Wrong {
          @EvenConfined() @SignedIn() route(): void {}
        }
        return Wrong;
      };
      expect(wrong).toThrow('@EvenConfined() of Wrong.route stands above who may call');
    });
  });

  describe('of a caller who is where the tenant may not be used', () => {
    const networks = ['203.0.113.0/24'];
    const from = <T>(ipAddress: string | null, work: () => T): T =>
      context.run({ ...noRequest('user'), ipAddress }, work);
    const outsider = (change: Partial<Principal> = {}): Principal => aPrincipal(['*:*'], { networks, ...change });
    const GUARDED = ['mine', 'guarded', 'ofSessions', 'dangerous', 'leadingOut', 'guardedAndDangerous'] as const;

    it.each(GUARDED)('refuses the route "%s", says why, and records it', async (route) => {
      const before = events.appended.length;
      const user = outsider({ sessionId: sessionId(randomUUID()), confined: true });
      const refused = from('198.51.100.7', () => guard.canActivate(calling(route, user)));
      await expect(refused).rejects.toMatchObject({
        code: 'INSUFFICIENT_PERMISSIONS',
        detail: expect.stringContaining('networks') as string,
      });
      expect(events.appended.slice(before)).toMatchObject([
        { type: 'access.denied', outcome: 'failure', details: { reason: 'outside_networks' } },
      ]);
    });

    it('records it of one session or key once, however often it is refused, and of another all the same', async () => {
      const before = events.appended.length;
      const callers = [
        outsider({ sessionId: sessionId(randomUUID()) }),
        outsider({ sessionId: sessionId(randomUUID()) }),
        outsider({ kind: 'api_key', sessionId: null, userId: userId(randomUUID()) }),
      ];
      for (const caller of [...callers, ...callers, ...callers]) {
        const refused = from('198.51.100.7', () => guard.canActivate(calling('mine', caller)));
        await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      }
      expect(events.appended.slice(before)).toHaveLength(callers.length);
    });

    it('refuses who comes from nobody knows where', async () => {
      const refused = from(null, () => guard.canActivate(calling('mine', outsider())));
      await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    });

    it.each(['203.0.113.7', '203.0.113.255'])('lets who comes from %s go on: that is inside', async (address) => {
      await expect(from(address, () => guard.canActivate(calling('guarded', outsider())))).resolves.toBe(true);
    });

    it('sets them aside where anybody may call, and says why', async () => {
      const request = requestOf(outsider());
      await expect(
        from('198.51.100.7', () => guard.canActivate(calling('welcoming', undefined, request))),
      ).resolves.toBe(true);
      expect([request.user, request.disbelief]).toEqual([undefined, 'INSUFFICIENT_PERMISSIONS']);
    });

    it('leaves them the way out of the session', async () => {
      const request = requestOf(outsider());
      await expect(
        from('198.51.100.7', () => guard.canActivate(calling('welcomingAll', undefined, request))),
      ).resolves.toBe(true);
      expect(request.user?.kind).toBe('user');
    });
  });

  it('asks nobody for a new proof who may not call with one either', async () => {
    const refused = guard.canActivate(calling('guardedAndDangerous', aPrincipal([], provenAgo(86_400_000))));
    await expect(refused).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });

  it('fails closed on a route of which nobody said who may call it', async () => {
    await expect(guard.canActivate(calling('forgotten', aPrincipal(['*:*'])))).rejects.toThrow(
      'declares no access rule',
    );
  });
});
