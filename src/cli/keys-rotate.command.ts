import { Option, SubCommand } from 'nest-commander';
import { SigningKeysFacade } from '../modules/tokens/signing-keys.facade';
import { type CommonOptions, DoorwardCommand, Refused } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

type Options = CommonOptions & { readonly now?: boolean };

@SubCommand({ name: 'rotate', description: 'Let the next signing key take over as soon as everybody can know it' })
export class KeysRotateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, now = false }: Options): Promise<void> {
    const rotation = await this.service.use((app) => app.get(SigningKeysFacade).rotate(now));
    if (rotation.kind === 'rotated') {
      const words = `${rotation.to} signs from now on; ${rotation.from} is good until its last token is over`;
      await this.terminal.say(json, { status: 'rotated', from: rotation.from, to: rotation.to }, words);
      return;
    }
    if (rotation.kind === 'scheduled') {
      const at = rotation.at.toISOString();
      const words = `${rotation.to} signs from ${at} on: until then some may not have heard of it (--now does not wait)`;
      await this.terminal.say(json, { status: 'scheduled', to: rotation.to, takes_over_at: at }, words);
      return;
    }
    throw new Refused(WHY_NOT[rotation.reason]);
  }

  @Option({ flags: '--now', description: 'do not wait: for when the current key is in wrong hands' })
  readNow(): boolean {
    return true;
  }
}

const WHY_NOT = {
  no_next_key: 'There is no key to rotate to; with HS256 the key is JWT_SECRET: start the service with another',
  brought: 'The signing key is the one of JWT_PRIVATE_KEY: start the service with another',
} as const;
