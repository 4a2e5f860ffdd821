import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { Installation } from '../boot/installation';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { type CreatedAccount, SigninFacade } from '../modules/signin/signin.facade';
import { BUILT_IN_ROLES, OWNER, TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = CommonOptions & { readonly demo?: boolean };
type Seeded = { readonly role: string; readonly email: string; readonly password: string | null };

const DEMO_TENANT = 'Demo';
const demoAddress = (role: string): string => `${role.replaceAll('_', '-')}@demo.localhost`;

@Command({ name: 'seed', description: 'Store the built-in roles; with --demo also a tenant with a user for each' })
export class SeedCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, demo = false }: Options): Promise<void> {
    const { roles, users } = await this.service.use(async (app) => {
      const installation = new Installation(app);
      await installation.migrate();
      return { roles: await installation.seed(), users: demo ? await this.seedDemo(app) : [] };
    });
    const changed = roles.length === 0 ? 'The built-in roles are up to date.' : `Stored the roles ${roles.join(', ')}.`;
    const rows = users.map(({ role, email, password }) => [role, email, password ?? '(there already)']);
    const words = demo ? [changed, table(['ROLE', 'E-MAIL', 'PASSWORD (shown once)'], rows)] : [changed];
    await this.terminal.say(json, { roles, users: users.map((user) => ({ ...user })) }, words.join('\n'));
  }

  /** The owner comes first and opens the tenant, which the others join. Who is there already is left alone. */
  private async seedDemo(app: INestApplicationContext): Promise<readonly Seeded[]> {
    const seeded: Seeded[] = [];
    let tenant = await this.tenantOfDemoOwner(app);
    for (const { name: role } of BUILT_IN_ROLES) {
      const email = demoAddress(role);
      const exists = await app.get(IdentityFacade).users.findByReference(email);
      const placed = role === OWNER ? { tenantName: DEMO_TENANT } : { tenant: tenant ?? undefined, role };
      const account: CreatedAccount | null = exists
        ? null
        : await app.get(SigninFacade).createAccount({ email, ...placed });
      tenant ??= account?.tenant.id ?? null;
      seeded.push({ role, email, password: account?.oneTimePassword ?? null });
    }
    return seeded;
  }

  private async tenantOfDemoOwner(app: INestApplicationContext): Promise<string | null> {
    const owner = await app.get(IdentityFacade).users.findByReference(demoAddress(OWNER));
    const membership = owner && (await app.get(TenancyFacade).membershipOf(owner.id, null));
    return membership?.tenant.id ?? null;
  }

  @Option({ flags: '--demo', description: 'also a demonstration tenant with a user for each role' })
  readDemo(): boolean {
    return true;
  }
}
