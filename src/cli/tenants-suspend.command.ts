import { Option, SubCommand } from 'nest-commander';
import { TenantsFacade } from '../modules/tenancy/tenants.facade';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
import { Service } from './service';
import { tenantJson } from './tenants.views';
import { Terminal } from './terminal';

type Options = CommonOptions & { readonly reason?: string };

const REASON = /^\P{Cc}{1,200}$/u;

@SubCommand({
  name: 'suspend',
  arguments: '<tenant>',
  description: 'Let nobody into a tenant any more: sessions end, API keys rest',
})
export class TenantsSuspendCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false, yes = false, reason }: Options): Promise<void> {
    if (!yes) await this.ask(reference);
    const tenant = await this.service.use((app) => app.get(TenantsFacade).suspend(reference, reason ?? null));
    await this.terminal.say(json, tenantJson(tenant), `Suspended ${tenant.slug}.`);
  }

  @Option({ flags: '--reason <text>', description: 'for the record' })
  readReason(value: string): string {
    if (!REASON.test(value)) throw new UsageError('--reason is up to 200 characters, none of them control characters');
    return value;
  }

  /** Everybody in it is put out, so no tenant is suspended by a slip. */
  private async ask(reference: string): Promise<void> {
    const answer = await this.terminal.confirm(`Suspend ${reference}, and end all sessions in it?`);
    if (answer === null) throw new UsageError('There is no terminal to ask at: say --yes to suspend the tenant');
    if (!answer) throw new Refused('Nothing was suspended.');
  }
}
