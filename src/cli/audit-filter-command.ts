import type { INestApplicationContext } from '@nestjs/common';
import { Option } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { isUuid, type TenantId, userId } from '../kernel/ids';
import { type AuditFilter, AuditFilterQuery } from '../modules/audit/audit-log.facade';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { inputOf } from './typed-input';

export type AuditFilterOptions = CommonOptions & {
  readonly tenant?: string;
  readonly user?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly ipAddress?: string;
  readonly from?: string;
  readonly to?: string;
  readonly requestId?: string;
  readonly minRisk?: string;
};

/** Which events a command is about. */
export type WantedEvents = { readonly tenant: TenantId | null; readonly filter: AuditFilter };

/** A command about events, which can be narrowed as over HTTP. */
export abstract class AuditFilterCommand extends DoorwardCommand {
  /** Throws UsageError for what is no filter. What it gives looks up whom it names, and throws NotFound. */
  protected wanted(options: AuditFilterOptions): (app: INestApplicationContext) => Promise<WantedEvents> {
    const { action, outcome, from, to } = options;
    const query = inputOf(AuditFilterQuery, {
      ...{ action, outcome, from, to },
      ...{ ip_address: options.ipAddress, request_id: options.requestId, min_risk: options.minRisk },
    });
    const filter = AuditFilterQuery.filterOf(query);
    return async (app) => ({
      tenant: options.tenant === undefined ? null : await tenantOf(app, options.tenant),
      filter: options.user === undefined ? filter : { ...filter, userId: await userOf(app, options.user) },
    });
  }

  @Option({ flags: '--tenant <slug or id>', description: 'whose events (everybody’s)' })
  readTenant(value: string): string {
    return value;
  }

  @Option({ flags: '--user <user>', description: 'about whose account: by e-mail address, username or id' })
  readUser(value: string): string {
    return value;
  }

  @Option({ flags: '--action <action>', description: 'such as auth.login' })
  readAction(value: string): string {
    return value;
  }

  @Option({ flags: '--outcome <outcome>', description: 'success or failure' })
  readOutcome(value: string): string {
    return value;
  }

  @Option({ flags: '--ip-address <address>' })
  readIpAddress(value: string): string {
    return value;
  }

  @Option({ flags: '--from <instant>', description: 'at or after it, such as 2026-11-21T12:00:00Z' })
  readFrom(value: string): string {
    return value;
  }

  @Option({ flags: '--to <instant>', description: 'before it' })
  readTo(value: string): string {
    return value;
  }

  @Option({ flags: '--request-id <id>' })
  readRequestId(value: string): string {
    return value;
  }

  @Option({ flags: '--min-risk <score>', description: '0 to 100' })
  readMinRisk(value: string): string {
    return value;
  }
}

async function tenantOf(app: INestApplicationContext, reference: string): Promise<TenantId> {
  const tenant = await app.get(TenancyFacade).find(reference);
  if (!tenant) throw new NotFound();
  return tenant.id;
}

/** Events outlive accounts: an id is good though nobody has it any more. */
async function userOf(app: INestApplicationContext, reference: string): Promise<string> {
  if (isUuid(reference)) return userId(reference);
  const user = await app.get(IdentityFacade).users.findByReference(reference);
  if (!user) throw new NotFound();
  return user.id;
}
