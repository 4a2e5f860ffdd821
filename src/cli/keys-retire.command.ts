import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { SigningKeysFacade } from '../modules/tokens/signing-keys.facade';
import { type CommonOptions, DoorwardCommand, Refused } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

type Options = CommonOptions & { readonly now?: boolean };

@SubCommand({ name: 'retire', arguments: '<key>', description: 'Take a key out of use that does not sign any more' })
export class KeysRetireCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([kid = '']: string[], { json = false, now = false }: Options): Promise<void> {
    const retirement = await this.service.use((app) => app.get(SigningKeysFacade).retire(kid, now));
    if (retirement.kind === 'retired') {
      await this.terminal.say(json, { status: 'retired', kid }, `${kid} is retired: what it has signed is refused`);
      return;
    }
    if (retirement.kind === 'in_use') {
      const until = retirement.until.toISOString();
      throw new Refused(`Tokens it has signed are good until ${until}: --now refuses them, and clients must refresh`);
    }
    if (retirement.reason === 'unknown') throw new NotFound();
    if (retirement.reason === 'signs') throw new Refused('This key signs: let another take over first (keys rotate)');
    throw new Refused('This key is retired already');
  }

  @Option({ flags: '--now', description: 'even while tokens it has signed are good: for a key in wrong hands' })
  readNow(): boolean {
    return true;
  }
}
