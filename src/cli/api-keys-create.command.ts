import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { ApiKeysFacade, CreateApiKeyRequest, type MintedApiKey } from '../modules/tokens/api-keys.facade';
import { Clock } from '../platform/time/clock';
import { apiKeyJson } from './api-keys.views';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { inputOf } from './typed-input';

type KeyOptions = {
  readonly owner: string;
  readonly tenant: string;
  readonly permission: readonly string[];
  readonly allowedIp?: readonly string[];
  readonly expiresInDays?: number;
};

const MS_PER_DAY = 86_400_000;
/** More than any tenant can allow. */
const MOST_DAYS = 3650;

@SubCommand({
  name: 'create',
  arguments: '<name>',
  description: 'Make a key that acts for a user in a tenant; prints it this once',
})
export class ApiKeysCreateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([name = '']: string[], { json = false, ...options }: CommonOptions & KeyOptions): Promise<void> {
    inputOf(CreateApiKeyRequest, { name, permissions: options.permission, allowed_ips: options.allowedIp });
    const { key, ...view } = await this.service.use((app) => mint(app, name, options));
    const shown = { ...apiKeyJson(view), key };
    const words = [
      `id          ${view.id}`,
      `expires_at  ${view.expiresAt.toISOString()}`,
      `key         ${key}   (shown once)`,
    ];
    await this.terminal.say(json, shown, words.join('\n'));
  }

  @Option({ flags: '--owner <user>', description: 'whom the key acts for: e-mail, username or id', required: true })
  readOwner(value: string): string {
    return value;
  }

  @Option({ flags: '--tenant <slug or id>', description: 'where it does', required: true })
  readTenant(value: string): string {
    return value;
  }

  @Option({
    flags: '--permission <permission...>',
    description: 'what it may do, as far as its owner may: resource:action, resource:* or *:*',
    required: true,
  })
  readPermission(value: string, before: readonly string[] = []): readonly string[] {
    return [...before, value];
  }

  @Option({
    flags: '--allowed-ip <address or network...>',
    description: 'from where alone it is good, in CIDR notation (any)',
  })
  readAllowedIp(value: string, before: readonly string[] = []): readonly string[] {
    return [...before, value];
  }

  @Option({
    flags: '--expires-in-days <count>',
    description: 'as many as the tenant allows, 365 unless it says otherwise (90)',
  })
  readExpiresInDays(value: string): number {
    const days = Number(value);
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw new UsageError('--expires-in-days is 1 to 3650');
    return days;
  }
}

/** Throws NotFound for a user or tenant there is not. What the owner may not do, the key is refused. */
async function mint(app: INestApplicationContext, name: string, options: KeyOptions): Promise<MintedApiKey> {
  const owner = await app.get(IdentityFacade).users.findByReference(options.owner);
  const tenant = await app.get(TenancyFacade).find(options.tenant);
  if (!owner || !tenant) throw new NotFound();
  const { permission: permissions, allowedIp: allowedIps = [], expiresInDays: days } = options;
  const expiresAt = days === undefined ? null : new Date(app.get(Clock).now().getTime() + days * MS_PER_DAY);
  const holder = { tenantId: tenant.id, ownerId: owner.id };
  return app.get(ApiKeysFacade).mint({ ...holder, name, description: null, permissions, expiresAt, allowedIps });
}
