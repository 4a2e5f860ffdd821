import { Option, SubCommand } from 'nest-commander';
import { type Finding, SealsFacade, type Verification, verifyFiles, verifyProof } from '../modules/audit/seals.facade';
import { findingJson, findingWords } from './audit-verify.views';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { printable, Terminal } from './terminal';

type Options = CommonOptions & {
  readonly events?: string;
  readonly seals?: string;
  readonly proof?: string;
  readonly publicKey?: string;
  readonly partial?: boolean;
};

const USAGE = '--events needs --seals and --public-key; --proof needs --public-key';

/** Ends with 0 where all is whole, 1 where something is wrong, 3 where the database is away. */
@SubCommand({ name: 'verify', description: 'Hold the audit log, an export or a proof to the seals' })
export class AuditVerifyCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], options: Options): Promise<void> {
    const { json = false, events, seals, proof, publicKey, partial = false } = options;
    if (events === undefined && seals === undefined && proof === undefined && publicKey === undefined && !partial) {
      await this.wholeLog(json);
    } else if (proof !== undefined && publicKey !== undefined && events === undefined && seals === undefined) {
      await this.proof(json, proof, publicKey);
    } else if (events !== undefined && seals !== undefined && publicKey !== undefined && proof === undefined) {
      const extent = partial ? 'part' : 'whole';
      const { findings, ...counts } = await verifyFiles({ events, seals, publicKey, extent });
      const unsealed = counts.unsealed === 0 ? '' : `; ${counts.unsealed} behind the last seal are not covered`;
      await this.say(json, findings, { ...counts }, `${counts.events} events in ${counts.seals} seals${unsealed}`);
    } else {
      throw new UsageError(USAGE);
    }
  }

  private async wholeLog(json: boolean): Promise<void> {
    const verification = await this.service.use((app) => app.get(SealsFacade).verify());
    const { findings, events, lastSeal } = verification;
    const head = lastSeal ? `${lastSeal.number} seals, the last ${lastSeal.hash}` : 'nothing is sealed yet';
    await this.say(json, findings, { events, last_seal: lastSealJson(verification) }, `${events} events, ${head}`);
  }

  private async proof(json: boolean, file: string, publicKey: string): Promise<void> {
    const fault = await verifyProof(file, publicKey);
    if (fault !== null) process.exitCode = 1;
    await this.terminal.say(json, { verified: fault === null, fault }, printable(fault ?? 'The proof holds.'));
  }

  private async say(
    json: boolean,
    findings: readonly Finding[],
    counts: Readonly<Record<string, ReturnType<typeof lastSealJson> | number>>,
    words: string,
  ): Promise<void> {
    const verified = findings.length === 0;
    if (!verified) process.exitCode = 1;
    await this.terminal.say(
      json,
      { verified, ...counts, findings: findings.map(findingJson) },
      verified
        ? `The audit log is whole: ${words}.`
        : [`Looked at ${words}.`, ...findings.map(findingWords)].join('\n'),
    );
  }

  @Option({ flags: '--events <file>', description: 'events of an export or archive (NDJSON, also .gz)' })
  readEvents(value: string): string {
    return value;
  }

  @Option({ flags: '--seals <file>', description: 'their seals (NDJSON, also .gz)' })
  readSeals(value: string): string {
    return value;
  }

  @Option({ flags: '--proof <file>', description: 'the proof of one event (JSON)' })
  readProof(value: string): string {
    return value;
  }

  @Option({ flags: '--public-key <file>', description: 'what "doorward audit public-key" printed' })
  readPublicKey(value: string): string {
    return value;
  }

  @Option({ flags: '--partial', description: 'the events are a selection: do not miss those that are not there' })
  readPartial(): boolean {
    return true;
  }
}

function lastSealJson({ lastSeal }: Verification): { readonly [name: string]: string | number } | null {
  if (lastSeal === null) return null;
  const { number, hash, sealedAt, keyId } = lastSeal;
  return { number, hash, sealed_at: sealedAt, key_id: keyId };
}
