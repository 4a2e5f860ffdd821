import { readFile } from 'node:fs/promises';
import type { AuditKey } from '../../application/seals/audit-keys.port';
import { SPELLING } from '../../application/seals/spelling';
import { type HeldTogether, heldTogether } from '../../application/seals/hold-together';
import { verdictAmong } from '../../application/seals/verdict';
import type { Extent } from '../../domain/seals/compare';
import type { Finding } from '../../domain/seals/finding';
import type { LoggedEvent } from '../../domain/seals/logged-event';
import { isIncluded, leafHashOf } from '../../domain/seals/merkle-tree';
import { type ChainHead, payloadFieldsOf, type Seal } from '../../domain/seals/seal';
import { readEventLine } from '../lines/event-lines';
import { linesOfFile } from '../lines/file-lines';
import { JsonFields, MalformedLine } from '../lines/json-shapes';
import { nearlyInOrder } from '../lines/nearly-in-order';
import { payloadOf, readSealLine } from '../lines/seal-lines';
import { commitmentTo } from '../personal/personal-box';
import { auditKeyOf } from './stored-audit-keys';

/** Files of events and seals, and the public keys (PEM, one or several). `.gz` is decompressed. */
export type Files = {
  readonly events: string;
  readonly seals: string;
  readonly publicKey: string;
  /** `part`: the events are a selection, so that nothing is said of those that are not there. */
  readonly extent: Extent;
  /** The hash of the seal with which the file of seals has to end. */
  readonly lastSeal?: string | undefined;
  /** How many lines an event may stand from its place among the numbers. */
  readonly lookedAhead?: number;
};

export type FileFindings = {
  /** The first of them, by their number; and that the end is cut off. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly omitted: number;
  /** Where the seals begin and end; null: there is none. */
  readonly chain: { readonly first: ChainHead; readonly last: ChainHead } | null;
  readonly seals: number;
  readonly events: number;
  /** Events behind the last seal: nothing is known of them. */
  readonly unsealed: number;
};

/** Holds exported or archived events to their seals, with nothing but the files. Throws MalformedLine and what reading throws. */
export async function verifyFiles({
  events: eventsFile,
  seals: sealsFile,
  publicKey,
  extent,
  lastSeal,
  lookedAhead,
}: Files): Promise<FileFindings> {
  const keys = await keysIn(publicKey);
  const files = { seals: sealsIn(sealsFile), events: nearlyInOrder(eventsIn(eventsFile), lookedAhead) };
  const held = await heldTogether(files, extent, (seal, bytes) => verdictAmong(keys, seal, bytes));
  const { omitted, chain, seals, events, unsealed } = held;
  const isCut = lastSeal !== undefined && chain?.last.hash !== lastSeal;
  const cut: readonly Finding[] = isCut ? [missingBehind(held)] : [];
  return { findings: [...held.findings, ...cut], omitted, chain, seals, events, unsealed };
}

function missingBehind({ chain, lastSealed }: HeldTogether): Finding {
  return { sequence: lastSealed + 1, eventId: null, seal: (chain?.last.number ?? 0) + 1, reason: 'seal_missing' };
}

/** What is wrong with a proof of one event, in words; null: it holds. Throws MalformedLine and what reading throws. */
export async function verifyProof(file: string, publicKey: string): Promise<string | null> {
  const fields = JsonFields.parse(await readFile(file, 'utf8'));
  const payload = payloadOf(JsonFields.of(fields.object('seal'), 'The seal'));
  const key = (await keysIn(publicKey)).find(({ id }) => id === payload.keyId);
  if (!key) return `The seal is signed with the key ${payload.keyId}, which is not the one given.`;
  const bytes = SPELLING.bytesOf(payloadFieldsOf(payload));
  if (!key.verifies(bytes, fields.bytes('signature'))) return 'The signature of the seal is not good.';
  const claim = {
    leaf: leafHashOf(SPELLING.hash, SPELLING.bytesOf(fields.object('event'))),
    index: fields.count('leaf_index'),
    size: payload.events,
    path: fields.texts('path').map((node) => Buffer.from(node, 'hex')),
  };
  if (!isIncluded(SPELLING.hash, claim, Buffer.from(payload.root, 'hex'))) return 'The event is not in the seal.';
  return isPersonProven(fields) ? null : 'Address or agent are not those the event commits to.';
}

function isPersonProven(fields: JsonFields): boolean {
  const personal = fields.objectOrNull('personal');
  if (personal === null) return true;
  const shown = JsonFields.of(personal, 'The personal part');
  const committed = { ipAddress: shown.textOrNull('ip_address'), userAgent: shown.textOrNull('user_agent') };
  const digest = JsonFields.of(fields.object('event'), 'The event').textOrNull('personal');
  return commitmentTo(committed, shown.bytes('salt')).toString('hex') === digest;
}

/** A file may hold the keys of several times, one after the other. */
async function keysIn(file: string): Promise<readonly AuditKey[]> {
  const text = await readFile(file, 'utf8');
  const keys = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g);
  if (!keys) throw new MalformedLine('The file of the public key holds none (PEM)');
  return keys.map(auditKeyOf);
}

async function* sealsIn(file: string): AsyncGenerator<Seal> {
  for await (const line of linesOfFile(file)) yield readSealLine(line);
}

async function* eventsIn(file: string): AsyncGenerator<LoggedEvent> {
  for await (const line of linesOfFile(file)) {
    const { record, isHonest } = readEventLine(line);
    yield { record, authorship: 'signed', isSound: isHonest };
  }
}
