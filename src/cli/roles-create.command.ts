import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { RoleRequest, RolesFacade } from '../modules/tenancy/roles.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { roleJson } from './roles.views';
import { Service } from './service';
import { Terminal } from './terminal';
import { inputOf } from './typed-input';

type Options = CommonOptions & {
  readonly tenant: string;
  readonly permission: readonly string[];
  readonly description?: string;
};

@SubCommand({ name: 'create', arguments: '<name>', description: 'Make a role of a tenant' })
export class RolesCreateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([name = '']: string[], { json = false, tenant, permission, description }: Options): Promise<void> {
    const definition = RoleRequest.definitionOf(inputOf(RoleRequest, { name, permissions: permission, description }));
    const role = await this.service.use(async (app) => {
      const found = await app.get(TenancyFacade).find(tenant);
      if (!found) throw new NotFound();
      return app.get(RolesFacade).create(found.id, definition);
    });
    const words = `id           ${role.id}\nname         ${role.name}\npermissions  ${role.permissions.join(' ')}`;
    await this.terminal.say(json, roleJson(role), words);
  }

  @Option({ flags: '--tenant <slug or id>', description: 'whose role', required: true })
  readTenant(value: string): string {
    return value;
  }

  @Option({
    flags: '--permission <permission...>',
    description: 'what its holders may do: resource:action, resource:* or *:*',
    required: true,
  })
  readPermission(value: string, before: readonly string[] = []): readonly string[] {
    return [...before, value];
  }

  @Option({ flags: '--description <text>', description: 'what it is for' })
  readDescription(value: string): string {
    return value;
  }
}
