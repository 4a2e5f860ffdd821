import type { INestApplicationContext } from '@nestjs/common';
import { CliModule } from '../../../src/cli/cli.module';
import { DoorwardCommand } from '../../../src/cli/command';
import { Service } from '../../../src/cli/service';
import { Terminal } from '../../../src/cli/terminal';
import { noRequest, RequestContext } from '../../../src/platform/http/request-context';
import type { Stage } from './stage';

type Typed = { readonly words?: readonly string[]; readonly options?: Readonly<Record<string, unknown>> };
type Command = DoorwardCommand & { run(words: string[], options: Readonly<Record<string, unknown>>): Promise<void> };
export type CommandClass = new (service: Service, terminal: Terminal) => Command;

/** What is typed at the command line, and all that it leaves in the audit log. */
export type CommandDeed = {
  readonly when?: string;
  /** As of a deed over HTTP. */
  readonly leaves: readonly string[];
  readonly by: (stage: Stage) => Promise<Typed>;
};

/** The commands there are, by name, but for those that only hold others. */
export function commandClasses(): ReadonlyMap<string, CommandClass> {
  const providers = Reflect.getMetadata('providers', CliModule) as readonly CommandClass[];
  const commands = providers.filter(({ prototype }) => prototype instanceof DoorwardCommand);
  return new Map(commands.map((each) => [each.name.replace(/Command$/, ''), each]));
}

/** Runs a command on the service of the stage, as the actor it has in a process of its own. */
export async function typed(stage: Stage, command: CommandClass, { words = [], options = {} }: Typed): Promise<void> {
  await new command(new ServiceOf(stage), new SilentTerminal()).run([...words], { json: true, yes: true, ...options });
}

class ServiceOf extends Service {
  constructor(private readonly stage: Stage) {
    super();
  }

  override use<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const { app } = this.stage.service;
    return app.get(RequestContext).run(noRequest('cli'), () => work(app));
  }
}

class SilentTerminal extends Terminal {
  override say(): Promise<void> {
    return Promise.resolve();
  }
}
