import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type TenantLimitsChange, TenantLimitsResponse, UsageFacade } from '../modules/tenancy/usage.facade';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { words } from './users.views';

const UNLIMITED = 'none';
/** As it is typed: the library keeps no null. */
type Limit = number | typeof UNLIMITED;
type Limits = { readonly [Name in keyof TenantLimitsChange]?: Limit };

const MOST = 2_147_483_647;

@SubCommand({
  name: 'set-limits',
  arguments: '<tenant>',
  description: 'Set limits of a tenant, named by slug or id; those not named stay as they are',
})
export class TenantsSetLimitsCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], options: CommonOptions & Limits): Promise<void> {
    const { json = false, yes: _yes, ...typed } = options;
    const limits = changeOf(typed);
    if (Object.keys(limits).length === 0) throw new UsageError('Name at least one limit, such as --max-users 3');
    const view = await this.service.use(async (app) => {
      const tenant = await app.get(TenancyFacade).find(reference);
      if (!tenant) throw new NotFound();
      return app.get(UsageFacade).changeLimits(tenant.id, limits);
    });
    const { used, ...shown } = TenantLimitsResponse.from(view);
    const usedWords = Object.fromEntries(Object.entries(used).map(([name, amount]) => [`used_${name}`, amount]));
    await this.terminal.say(
      json,
      { ...shown, used: Object.fromEntries(Object.entries(used)) },
      words({ ...shown, ...usedWords }),
    );
  }

  @Option({ flags: '--max-users <count>', description: 'members, or none: as many as the tenant likes' })
  readMaxUsers(value: string): Limit {
    return limitOf('--max-users', value);
  }

  @Option({ flags: '--max-api-keys <count>', description: 'API keys in force, or none' })
  readMaxApiKeys(value: string): Limit {
    return limitOf('--max-api-keys', value);
  }

  @Option({ flags: '--max-roles <count>', description: 'roles of its own, or none' })
  readMaxRoles(value: string): Limit {
    return limitOf('--max-roles', value);
  }

  @Option({ flags: '--max-requests-per-day <count>', description: 'requests in a day in UTC, or none' })
  readMaxRequestsPerDay(value: string): Limit {
    return limitOf('--max-requests-per-day', value, Number.MAX_SAFE_INTEGER);
  }

  @Option({ flags: '--max-mails-per-day <count>', description: 'mails it has sent, or none' })
  readMaxMailsPerDay(value: string): Limit {
    return limitOf('--max-mails-per-day', value);
  }

  @Option({ flags: '--max-sms-per-day <count>', description: 'text messages it has sent, or none' })
  readMaxSmsPerDay(value: string): Limit {
    return limitOf('--max-sms-per-day', value);
  }
}

function changeOf(typed: Limits): TenantLimitsChange {
  return Object.fromEntries(Object.entries(typed).map(([name, limit]) => [name, limit === UNLIMITED ? null : limit]));
}

function limitOf(flag: string, value: string, most = MOST): Limit {
  if (value === UNLIMITED) return UNLIMITED;
  if (!/^\d{1,16}$/.test(value) || Number(value) > most) {
    throw new UsageError(`${flag} is a whole number up to ${most}, or ${UNLIMITED}`);
  }
  return Number(value);
}
