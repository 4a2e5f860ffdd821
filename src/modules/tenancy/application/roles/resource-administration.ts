import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { BUILT_IN_RESOURCES, isBuiltInResource, MOST_RESOURCES, type Resource } from '../../domain/resource';
import { ROLE_NAME } from '../../domain/role-name';
import { ResourceBuiltIn, ResourceTaken, TooManyResources } from '../../domain/role-errors';
import { resourceBeyondQuota, resourceChanged } from '../../role.events';
import { Members } from '../members/members.port';
import { orOnRecord } from '../limits/or-on-record';
import { Resources } from './resources.port';

/** `limit` resources from behind the name `cursor` on. */
export type ResourcePageRequest = { readonly limit: number; readonly cursor: string | null };

export type ResourcePage = { readonly items: readonly Resource[]; readonly nextCursor: string | null };

/**
 * The catalogue of permissions: what this service knows, and what a tenant registered. It says what there is and grants
 * nothing.
 */
@Injectable()
export class ResourceAdministration {
  constructor(
    private readonly resources: Resources,
    private readonly members: Members,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** By name. There are never more than a few: the built-in ones, and at most a hundred of the tenant. */
  async list(tenantId: TenantId, { limit, cursor }: ResourcePageRequest): Promise<ResourcePage> {
    const registered = (await this.resources.list(tenantId)).filter(({ name }) => !isBuiltInResource(name));
    const all = [...BUILT_IN_RESOURCES, ...registered].sort((one, other) => (one.name < other.name ? -1 : 1));
    const rest = all.filter(({ name }) => cursor === null || name > cursor);
    const items = rest.slice(0, limit);
    return { items, nextCursor: rest.length > limit ? (items.at(-1)?.name ?? null) : null };
  }

  /** Throws ResourceBuiltIn, ResourceTaken; TooManyResources, which stays on record; NotFound when the tenant is no more. */
  async register(by: Principal, resource: Resource): Promise<void> {
    refuseBuiltIn(resource.name);
    const { work, events } = this;
    await orOnRecord(
      { work, events },
      () => this.add(by, resource),
      () => resourceBeyondQuota(by, resource.name),
    );
  }

  /** Throws ResourceBuiltIn, and NotFound for what is not registered. */
  async replace(by: Principal, resource: Resource): Promise<void> {
    refuseNotRegistrable(resource.name);
    await this.work.run(async (now) => {
      if (!(await this.resources.save(by.tenantId, resource, now))) throw new NotFound();
      await this.events.append(resourceChanged(by, 'replace', resource.name, resource.actions));
    });
  }

  /** What was granted of it stays granted. Throws as `replace` does. */
  async remove(by: Principal, name: string): Promise<void> {
    refuseNotRegistrable(name);
    await this.work.run(async () => {
      if (!(await this.resources.remove(by.tenantId, name))) throw new NotFound();
      await this.events.append(resourceChanged(by, 'remove', name));
    });
  }

  private add(by: Principal, resource: Resource): Promise<void> {
    return this.work.run(async (now) => {
      // So that of many at once no more get in than there is room for.
      await this.members.holdTenant(by.tenantId);
      const registered = await this.resources.list(by.tenantId);
      if (registered.some(({ name }) => name === resource.name)) throw new ResourceTaken();
      if (registered.length >= MOST_RESOURCES) throw new TooManyResources();
      if (!(await this.resources.add(by.tenantId, resource, now))) throw new ResourceTaken();
      await this.events.append(resourceChanged(by, 'register', resource.name, resource.actions));
    });
  }
}

/** Of a name that none can have there is none; and not every text is one that a database takes. */
function refuseNotRegistrable(name: string): void {
  refuseBuiltIn(name);
  if (!ROLE_NAME.test(name)) throw new NotFound();
}

function refuseBuiltIn(name: string): void {
  if (isBuiltInResource(name)) throw new ResourceBuiltIn();
}
