import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { CreateTenantRequest, isSlug, TenantsFacade } from '../modules/tenancy/tenants.facade';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { tenantJson } from './tenants.views';
import { Terminal } from './terminal';
import { inputOf } from './typed-input';
import { words } from './users.views';

type Options = CommonOptions & { readonly owner: string; readonly slug?: string };

@SubCommand({ name: 'create', arguments: '<name>', description: 'Open a tenant for a user who is to own it' })
export class TenantsCreateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([name = '']: string[], { json = false, owner, slug }: Options): Promise<void> {
    inputOf(CreateTenantRequest, { name, slug });
    if (slug !== undefined && !isSlug(slug)) throw new UsageError('--slug is an id, or a word that is reserved');
    const tenant = await this.service.use(async (app) => {
      const user = await app.get(IdentityFacade).users.findByReference(owner);
      if (!user) throw new NotFound();
      const { id } = await app.get(TenantsFacade).create(name, slug ?? null, user.id);
      return app.get(TenantsFacade).get(id);
    });
    const shown = tenantJson(tenant);
    await this.terminal.say(json, shown, words(shown));
  }

  @Option({ flags: '--owner <user>', description: 'who owns it: e-mail, username or id', required: true })
  readOwner(value: string): string {
    return value;
  }

  @Option({ flags: '--slug <slug>', description: 'by what it is named beside its id; without, made of the name' })
  readSlug(value: string): string {
    return value;
  }
}
