import { Option, SubCommand } from 'nest-commander';
import {
  type Files,
  type Finding,
  SealsFacade,
  type Verification,
  verifyFiles,
  verifyProof,
} from '../modules/audit/seals.facade';
import { filesWords, findingJson, findingWords, omittedWords } from './audit-verify.views';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { type Json, printable, Terminal } from './terminal';

type Options = CommonOptions & {
  readonly events?: string;
  readonly seals?: string;
  readonly proof?: string;
  readonly publicKey?: string;
  readonly partial?: boolean;
  readonly lastSeal?: string;
};

type Outcome = {
  readonly verified: boolean;
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<string, Json>>;
  /** What was looked at. */
  readonly words: string;
  readonly more: readonly string[];
};

const USAGE = '--events needs --seals and --public-key; --proof needs --public-key; --last-seal needs --seals';

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
    const { json = false, events, seals, proof, publicKey, partial = false, lastSeal } = options;
    const files = [events, seals, lastSeal].filter((value) => value !== undefined).length + (partial ? 1 : 0);
    if (files === 0 && proof === undefined && publicKey === undefined) {
      await this.wholeLog(json);
    } else if (files === 0 && proof !== undefined && publicKey !== undefined) {
      await this.proof(json, proof, publicKey);
    } else if (events !== undefined && seals !== undefined && publicKey !== undefined && proof === undefined) {
      await this.files(json, { events, seals, publicKey, extent: partial ? 'part' : 'whole', lastSeal });
    } else {
      throw new UsageError(USAGE);
    }
  }

  private async files(json: boolean, files: Files): Promise<void> {
    const { findings, omitted, chain, ...counts } = await verifyFiles(files);
    const more = omittedWords(omitted);
    const values = { ...counts, first_seal: chain?.first ?? null, last_seal: chain?.last ?? null, omitted };
    const verified = findings.length === 0;
    await this.say(json, { verified, findings, counts: values, words: filesWords({ chain, ...counts }), more });
  }

  private async wholeLog(json: boolean): Promise<void> {
    const verification = await this.service.use((app) => app.get(SealsFacade).verify());
    const { verified, findings, found, events, lastSeal, unsealed, complete } = verification;
    const head = lastSeal ? `${lastSeal.number} seals, the last ${lastSeal.hash}` : 'nothing is sealed yet';
    const counts = { events, last_seal: lastSealJson(verification), found, unsealed, complete };
    const beyond = unsealed === 0 ? [] : [`${unsealed} events could not be sealed, so nothing is known of them.`];
    const more = [...omittedWords(found - findings.length), ...beyond];
    await this.say(json, { verified, findings, counts, words: `${events} events, ${head}`, more });
  }

  private async proof(json: boolean, file: string, publicKey: string): Promise<void> {
    const fault = await verifyProof(file, publicKey);
    if (fault !== null) process.exitCode = 1;
    await this.terminal.say(json, { verified: fault === null, fault }, printable(fault ?? 'The proof holds.'));
  }

  private async say(json: boolean, { verified, findings, counts, words, more }: Outcome): Promise<void> {
    if (!verified) process.exitCode = 1;
    await this.terminal.say(
      json,
      { verified, ...counts, findings: findings.map(findingJson) },
      verified
        ? `The audit log is whole: ${words}.`
        : [`Looked at ${words}.`, ...findings.map(findingWords), ...more].join('\n'),
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

  @Option({ flags: '--last-seal <hash>', description: 'the hash of the seal that --seals has to end with' })
  readLastSeal(value: string): string {
    if (!/^[\da-f]{64}$/i.test(value)) throw new UsageError('--last-seal is the hash of a seal, 64 digits in hex');
    return value.toLowerCase();
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
