import { Injectable } from '@nestjs/common';
import { tenantId, type UserId } from '../../../kernel/ids';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { OWNER } from '../domain/built-in-roles';
import { isSlug, slugOf } from '../domain/slug';
import type { TenantKind } from '../domain/tenant';
import { SlugTaken } from '../domain/tenant-errors';
import { tenantCreated } from '../tenancy.events';
import type { TenantView } from './tenancy-queries';
import { Tenants } from './tenants.port';

export type NewTenant = {
  readonly name: string;
  readonly kind: TenantKind;
  readonly owner: UserId;
  /** null, or left out: made of the name. */
  readonly slug?: string | null;
};

/** Opens a tenant and makes its first owner. Joins the caller's unit of work. */
@Injectable()
export class OpenTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws SlugTaken, for one that was wished for. */
  execute({ name, kind, owner, slug: wished = null }: NewTenant): Promise<TenantView> {
    return this.work.run(async (now) => {
      const id = tenantId(this.random.uuid(now));
      const common = { id, name, kind, status: 'active', createdAt: now, updatedAt: now } as const;
      const slug = wished ?? slugOf(name);
      const own = `${slug}-${this.random.phrase(1, 8)}`;
      const isFit = wished !== null || (kind === 'organization' && isSlug(slug));
      const added = isFit && (await this.tenants.add({ ...common, slug }));
      if (!added && wished !== null) throw new SlugTaken();
      if (!added && !(await this.tenants.add({ ...common, slug: own }))) throw new Error('A random slug was taken');
      await this.tenants.addMember(id, owner, OWNER, now);
      await this.events.append(tenantCreated(id, owner));
      return { id, name, slug: added ? slug : own, status: 'active' };
    });
  }
}
