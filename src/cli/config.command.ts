import { Command, SubCommand } from 'nest-commander';
import { InvalidSettings } from '../platform/config/read-settings';
import { CommandGroup, type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({ name: 'check', description: 'Say whether the settings are good; never shows a value' })
export class ConfigCheckCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false }: CommonOptions): Promise<void> {
    const problems = this.problems();
    const words = problems.length === 0 ? 'The settings are good.' : problems.join('\n');
    await this.terminal.say(json, { ok: problems.length === 0, problems }, words);
    if (problems.length > 0) process.exitCode = 1;
  }

  private problems(): readonly string[] {
    try {
      this.service.settings();
      return [];
    } catch (error) {
      if (error instanceof InvalidSettings) return error.problems;
      throw error;
    }
  }
}

@Command({ name: 'config', description: 'Look at the settings', subCommands: [ConfigCheckCommand] })
export class ConfigCommand extends CommandGroup {}
