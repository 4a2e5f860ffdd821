import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { isApiKeyId } from '../modules/tokens/api-keys.facade';
import { ApiKeysFacade } from '../modules/tokens/api-keys.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({ name: 'revoke', arguments: '<id>', description: 'Revoke a key of any tenant, at once and for good' })
export class ApiKeysRevokeCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([id = '']: string[], { json = false }: CommonOptions): Promise<void> {
    if (!isApiKeyId(id)) throw new NotFound();
    await this.service.use((app) => app.get(ApiKeysFacade).revoke(id));
    await this.terminal.say(json, { revoked: id }, `Revoked ${id}.`);
  }
}
