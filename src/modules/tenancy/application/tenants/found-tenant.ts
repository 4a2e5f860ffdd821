import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { TenantSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { isSlug } from '../../domain/slug';
import type { TenantRecord } from '../../domain/tenant';
import { NeedsSystemAdministrator, SlugTaken } from '../../domain/tenant-errors';
import { tenantCreationRefused } from '../../tenancy.events';
import { OpenTenant } from '../open-tenant';
import { BAD_SLUG } from './edit-tenant';

/** A signed-in user opens an organization, and owns it. */
@Injectable()
export class FoundTenant {
  constructor(
    private readonly opening: OpenTenant,
    private readonly settings: TenantSettings,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * `slug` null: made of the name. Throws ValidationFailed for a slug that cannot be one. SlugTaken, and
   * NeedsSystemAdministrator where tenants are not for everyone to open, stay on record.
   */
  async execute(by: Principal, name: string, slug: string | null): Promise<TenantRecord> {
    if (this.settings.creation === 'administrators' && !by.systemAdministrator) {
      await this.work.run(() => this.events.append(tenantCreationRefused(by, 'needs_system_administrator')));
      throw new NeedsSystemAdministrator();
    }
    if (slug !== null && !isSlug(slug)) throw new ValidationFailed([BAD_SLUG]);
    try {
      return await this.work.run((now) => this.open(by, name, slug, now));
    } catch (error) {
      // That it is taken has undone the unit of work, so it goes on record in one of its own.
      if (error instanceof SlugTaken)
        await this.work.run(() => this.events.append(tenantCreationRefused(by, 'slug_taken')));
      throw error;
    }
  }

  private async open(by: Principal, name: string, slug: string | null, now: Date): Promise<TenantRecord> {
    const opened = await this.opening.execute({ name, slug, kind: 'organization', owner: by.userId });
    return { ...opened, kind: 'organization', createdAt: now, updatedAt: now, purgeAfter: null };
  }
}
