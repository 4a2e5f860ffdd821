import { SubCommand } from 'nest-commander';
import { SigningKeysFacade, type SigningKeyView } from '../modules/tokens/signing-keys.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { type Json, table, Terminal } from './terminal';

@SubCommand({ name: 'list', description: 'List signing keys, the newest first' })
export class KeysListCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false }: CommonOptions): Promise<void> {
    const keys = await this.service.use((app) => app.get(SigningKeysFacade).list());
    const rows = keys.map((key) => [
      key.kid,
      key.algorithm,
      key.state,
      key.activatedAt?.toISOString() ?? '-',
      (key.takesOverAt ?? key.retiresAt)?.toISOString() ?? '-',
    ]);
    const words = table(['KEY', 'ALGORITHM', 'STATE', 'SIGNS SINCE', 'CHANGES AT'], rows);
    await this.terminal.say(json, { items: keys.map(keyJson) }, words);
  }
}

function keyJson(key: SigningKeyView): Json {
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    state: key.state,
    created_at: key.createdAt.toISOString(),
    takes_over_at: key.takesOverAt?.toISOString() ?? null,
    activated_at: key.activatedAt?.toISOString() ?? null,
    retires_at: key.retiresAt?.toISOString() ?? null,
  };
}
