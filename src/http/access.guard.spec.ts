import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { tenantId, userId } from '../kernel/ids';
import type { Principal } from '../kernel/principal';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../platform/events/event-log';
import { Authenticated, Public, Requires } from '../platform/http/access';
import { AccessGuard } from './access.guard';

class Routes {
  @Public() open(): void {}
  @Authenticated() mine(): void {}
  @Requires('dataset:delete') guarded(): void {}
  forgotten(): void {}
}

class ImmediateWork extends UnitOfWork {
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

const aPrincipal = (permissions: readonly string[]): Principal => ({
  kind: 'user',
  userId: userId('01890a5d-ac96-774b-bcce-b302099a8057'),
  tenantId: tenantId('01890a5d-ac96-774b-bcce-b302099a8058'),
  sessionId: null,
  roles: [],
  permissions,
  systemAdministrator: false,
});

describe('the access guard', () => {
  const events = new RecordedEvents();
  const guard = new AccessGuard(new Reflector(), new ImmediateWork(), events);

  function calling(handler: keyof Routes, user?: Principal): ExecutionContext {
    const host = new ExecutionContextHost(
      [{ user }],
      Routes,
      Reflect.get<Routes, keyof Routes>(Routes.prototype, handler),
    );
    host.setType('http');
    return host;
  }

  it('lets anybody call a public route', async () => {
    await expect(guard.canActivate(calling('open'))).resolves.toBe(true);
  });

  it.each(['mine', 'guarded'] as const)('asks for a credential on the route "%s"', async (route) => {
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

  it('fails closed on a route of which nobody said who may call it', async () => {
    await expect(guard.canActivate(calling('forgotten', aPrincipal(['*:*'])))).rejects.toThrow(
      'declares no access rule',
    );
  });
});
