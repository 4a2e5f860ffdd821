import { SubCommand } from 'nest-commander';
import { SealsFacade } from '../modules/audit/seals.facade';
import { type CommonOptions, DoorwardCommand, Refused } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({ name: 'public-key', description: 'Print the public key that seals are checked with (PEM)' })
export class AuditPublicKeyCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false }: CommonOptions): Promise<void> {
    const keys = await this.service.use((app) => app.get(SealsFacade).publicKeys());
    if (keys.length === 0) throw new Refused('There is no audit key yet: it is made with the first seal');
    await this.terminal.say(json, { public_keys: keys }, keys.join('').trimEnd());
  }
}
