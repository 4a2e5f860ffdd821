import { sealedFieldsOf } from '../../domain/event-record';
import type { Seal } from '../../domain/seals/seal';
import type { AuditEventView } from '../../application/audit-queries';
import { boxed, saltOf } from '../personal/personal-box';
import { recordOf, type StoredEvent } from '../stored-event';
import { archivedLineOf, eventLineOf, readEventLine } from './event-lines';
import { MalformedLine } from './json-shapes';
import { readSealLine, sealLineOf } from './seal-lines';

const KEY = Buffer.alloc(32, 7);
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const FIELDS = { ipAddress: '203.0.113.7', userAgent: 'a browser' };
const BOXED = boxed(FIELDS, KEY, ID, Buffer.alloc(12))!;

const ROW: StoredEvent = {
  sequence: '12',
  id: ID,
  occurred_at: '2026-01-01T00:00:00.123456Z',
  tenant_id: null,
  user_id: 'a user',
  actor: 'user',
  actor_id: null,
  api_key_id: null,
  action: 'auth.login',
  outcome: 'success',
  target_type: 'session',
  target_id: 'a session',
  ip_address: null,
  user_agent: null,
  request_id: 'a request',
  risk_score: 20,
  details: { note: 'line\nend, "quoted" and \u2028' },
  personal_digest: BOXED.digest,
  personal_box: BOXED.box,
  mac: Buffer.alloc(32, 1),
};

function viewOf(row: StoredEvent, shown: Partial<AuditEventView>): AuditEventView {
  const { personal, ...record } = recordOf(row);
  return { ...record, outcome: row.outcome, personalDigest: personal, personalSalt: null, ...shown };
}

describe('a line of an event', () => {
  const open = viewOf(ROW, { ...FIELDS, personalSalt: saltOf(KEY, ID) });
  const clear: StoredEvent = {
    ...ROW,
    ip_address: '203.0.113.7',
    personal_digest: null,
    personal_box: null,
    mac: null,
  };

  it.each([
    ['that shows its person', eventLineOf(open), ROW],
    ['of somebody who is erased', eventLineOf(viewOf(ROW, {})), ROW],
    ['of nobody known', eventLineOf(viewOf(clear, {})), clear],
    ['of an archive', archivedLineOf(ROW), ROW],
    ['of an archive, of nobody known', archivedLineOf(clear), clear],
  ])('%s gives back what is sealed, on one line', (_, line, row) => {
    expect(line).not.toContain('\n');
    const read = readEventLine(line);
    expect(sealedFieldsOf(read.record)).toEqual(sealedFieldsOf(recordOf(row)));
    expect(read.isHonest).toBe(true);
  });

  it('of an archive shows nothing of its person, and keeps their box', () => {
    const line = archivedLineOf(ROW);
    expect(line).not.toContain(FIELDS.ipAddress);
    expect(readEventLine(line).personalBox).toEqual(BOXED.box);
  });

  it.each([
    ['another address', { ipAddress: '203.0.113.8' }],
    ['no agent', { userAgent: null }],
    ['another salt', { personalSalt: Buffer.alloc(32) }],
    ['an address without what proves it', { personalSalt: null }],
  ])('with %s is found out', (_, change) => {
    expect(readEventLine(eventLineOf({ ...open, ...change })).isHonest).toBe(false);
  });

  it.each([
    '',
    '[]',
    '{',
    'null',
    JSON.stringify({ ...(JSON.parse(eventLineOf(open)) as object), sequence: '12' }),
    JSON.stringify({ ...(JSON.parse(eventLineOf(open)) as object), target: 'a session' }),
    JSON.stringify({ ...(JSON.parse(eventLineOf(open)) as object), id: null }),
    JSON.stringify({ ...(JSON.parse(eventLineOf(open)) as object), id: 'a \u001b[2J' }),
  ])('is refused when it is %j', (line) => {
    expect(() => readEventLine(line)).toThrow(MalformedLine);
  });
});

describe('a line of a seal', () => {
  const seal: Seal = {
    payload: {
      ...{ number: 3, previous: 'ab', month: '2026-01-01', firstSequence: 4, lastSequence: 9, events: 2 },
      ...{ sequencesHash: 'cd', root: 'ef', tenantsHash: '01', foreignSequences: [9], unsigned: 1 },
      ...{ sealedAt: '2026-01-01T00:00:00.000Z', keyId: '0a1b' },
    },
    hash: '02',
    signature: Buffer.alloc(64, 1),
    sequences: [4, 9],
    leaves: [Buffer.alloc(32, 2), Buffer.alloc(32, 3)],
    tenants: { '': 1, a: 1 },
  };

  it('gives back the whole seal', () => {
    expect(readSealLine(sealLineOf(seal))).toEqual(seal);
  });

  it.each([
    { version: 2 },
    { number: '3' },
    { tenants: { a: 'b' } },
    { sequences: [1.5] },
    { leaves: 1 },
    { key_id: '\u001b[2J' },
  ])('is refused with %j', (change) => {
    const fields = JSON.parse(sealLineOf(seal)) as object;
    expect(() => readSealLine(JSON.stringify({ ...fields, ...change }))).toThrow(MalformedLine);
  });
});
