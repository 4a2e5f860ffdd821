import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { isUuid, type TenantId, type UserId } from '../../kernel/ids';

/**
 * Whose rows of the tables that tenants own a statement sees and writes. PostgreSQL holds to it, whatever the statement
 * asks for (row-level security, ADR 0031). Of `user` come their own sessions, trusted devices and events in other tenants.
 */
export type RowScope =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'tenant'; readonly tenant: TenantId; readonly user: UserId }
  | { readonly kind: 'all_tenants' };

export const NOTHING: RowScope = { kind: 'nothing' };
export const ALL_TENANTS: RowScope = { kind: 'all_tenants' };

/** The scope of whatever is running, carried along every await. */
@Injectable()
export class RowScopes {
  private readonly storage = new AsyncLocalStorage<{ scope: RowScope }>();
  private outside = ALL_TENANTS;

  run<T>(scope: RowScope, work: () => T): T {
    return this.storage.run({ scope }, work);
  }

  /** Of what is running, from now on. Throws outside `run`. */
  settle(scope: RowScope): void {
    const running = this.storage.getStore();
    if (!running) throw new Error('There is nothing running whose scope could be settled');
    running.scope = scope;
  }

  /** A server fails closed: what has lost its request sees nothing. Commands have no requests, and see all. */
  closeOutside(): void {
    this.outside = NOTHING;
  }

  get current(): RowScope {
    return this.storage.getStore()?.scope ?? this.outside;
  }
}

/** As one message, for a transaction that has begun. Throws for what is no id: statements that set take no parameters. */
export function settingsOf(scope: RowScope): string {
  if (scope.kind === 'nothing') return `SET LOCAL ROLE ${SERVICE_ROLE}`;
  return `SET LOCAL ROLE ${SERVICE_ROLE}; ${tenantSettingOf(scope)}${userSettingOf(scope)}`;
}

/** The part of it that says which tenants. */
export function tenantSettingOf(scope: RowScope): string {
  if (scope.kind === 'nothing') return `SET LOCAL doorward.tenant_id = ''`;
  return `SET LOCAL doorward.tenant_id = '${scope.kind === 'tenant' ? uuid(scope.tenant) : '*'}'`;
}

function userSettingOf(scope: RowScope): string {
  return scope.kind === 'tenant' ? `; SET LOCAL doorward.user_id = '${uuid(scope.user)}'` : '';
}

/** Owns nothing, may not change the schema, and is held to the policies of tenants' tables. Made by a migration. */
const SERVICE_ROLE = 'doorward_service';

/** For a transaction that was somebody else in between. */
export const SERVICE_ROLE_AGAIN = `SET LOCAL ROLE ${SERVICE_ROLE}`;

function uuid(id: string): string {
  if (!isUuid(id)) throw new Error('What is no UUID is no scope');
  return id;
}
