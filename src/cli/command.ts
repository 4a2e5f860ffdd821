import { CommandRunner, Option } from 'nest-commander';

export type CommonOptions = { readonly json?: boolean; readonly yes?: boolean };

/** The library's own command object. */
export type Commander = Parameters<CommandRunner['setCommand']>[0];

const USAGE_ERROR = 2;

/** A misspelt command ends with 2, asking for help with 0. */
export function exitFromUsage(error: Error & { readonly exitCode?: number }): never {
  process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR);
}

/** A word too many is a mistake, not a wish to be ignored. */
function strict(command: Commander): Commander {
  return command.allowExcessArguments(false).exitOverride(exitFromUsage);
}

/** What every command has: --json, --yes, and the exit codes of the contract. */
export abstract class DoorwardCommand extends CommandRunner {
  override setCommand(command: Commander): this {
    return super.setCommand(strict(command));
  }

  @Option({ flags: '--json', description: 'print JSON alone' })
  readJson(): boolean {
    return true;
  }

  @Option({ flags: '--yes', description: 'answer every question with yes' })
  readYes(): boolean {
    return true;
  }
}

/** A command that is only the first word of others. It has no options of its own: they would be taken from theirs. */
export abstract class CommandGroup extends CommandRunner {
  override setCommand(command: Commander): this {
    return super.setCommand(strict(command));
  }

  run(): Promise<void> {
    this.command.outputHelp({ error: true });
    return Promise.reject(new UsageError());
  }
}

/** The command was there, its options made no sense. */
export class UsageError extends Error {
  readonly exitCode = USAGE_ERROR;
}

/** The command was understood and is refused, in words for whoever typed it. */
export class Refused extends Error {}
