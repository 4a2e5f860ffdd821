import { RecentEvents } from '../../../src/modules/audit/application/seals/recent-events';
import { generateKeyPairSync, sign } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadAnchor } from '../../../src/modules/audit/application/seals/head-anchor.port';
import { PersonKeys } from '../../../src/modules/audit/application/person-keys.port';
import { SealAuditLog } from '../../../src/modules/audit/application/seals/seal-audit-log';
import { Seals } from '../../../src/modules/audit/application/seals/seals.port';
import { SPELLING } from '../../../src/modules/audit/application/seals/spelling';
import { payloadFieldsOf } from '../../../src/modules/audit/domain/seals/seal';
import { hexHashOf } from '../../../src/modules/audit/domain/seals/new-seal';
import { VerifyAuditLog } from '../../../src/modules/audit/application/seals/verify-audit-log';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { ANN, Log, OURS, THEIRS } from '../../support/audit-log';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { TableOwner } from '../../support/table-owner';

/** Three seals: events 1 to 5, 6 to 10 (number 8 is a gap), 11 to 13. */
const TARGET = { type: 'session', id: 'a session' };
const PLACES = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13];

describe.each(DATABASES)('verifying the audit log (%s)', (database) => {
  let context: TestContext;
  let log: Log;
  let owner: TableOwner;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    log = new Log(context);
    const event = { target: TARGET, actorId: ANN, details: { reason: 'a word' } };
    await log.recordSome(4, event);
    await log.record({ ...event, tenantId: THEIRS });
    await log.seal();
    await log.recordSome(2, event);
    await context.source.query(`SELECT nextval('audit_events_sequence_seq')`);
    await log.record({ ...event, tenantId: THEIRS });
    await log.record({ ...event, userId: null, actorId: null });
    await log.seal();
    await log.recordSome(3, event);
    await log.seal();
    // A number that was given to an event which was never there.
    await context.source.query(`SELECT nextval('audit_events_sequence_seq')`);
    owner = await TableOwner.of(context.source);
    await owner.keep();
  });
  afterAll(() => context.stop());
  /** Nor does the process remember what was recorded meanwhile: it was never there. */
  const restored = async (): Promise<void> => {
    await owner.restore();
    context.app.get(RecentEvents).forgetThrough(Number.MAX_SAFE_INTEGER);
  };

  afterEach(async () => {
    await restored();
    // What was remembered of a chain that was never meant to last.
    await rm(join(context.database.variables.DATA_DIR ?? '', 'audit-head.json'), { force: true });
    Object.assign(context.app.get(HeadAnchor), { remembered: null });
  });

  /** The findings as sequence, reason and seal; what is listed first is the first bad one. */
  const found = async (...words: Parameters<Log['verify']>): Promise<string[]> => {
    const { findings, verified } = await log.verify(...words);
    expect(verified).toBe(findings.length === 0);
    return findings.map(({ sequence, reason, seal }) => `${String(sequence)} ${reason} in ${String(seal)}`);
  };

  it('finds nothing where nothing was done', async () => {
    expect(await log.verify()).toMatchObject({
      ...{ verified: true, events: PLACES.length, findings: [], complete: true, nextSeal: null },
      lastSeal: { number: 3 },
    });
    expect(await log.verify(OURS)).toMatchObject({ verified: true, events: 10, findings: [] });
    expect(await log.verify(THEIRS)).toMatchObject({ verified: true, events: 2, findings: [] });
  });

  it('names the event of which one byte is changed, in whichever column', async () => {
    const columns = await owner.columnsOf('audit_events');
    const names: Record<string, string[]> = {};
    for (const column of columns) {
      await owner.flip('audit_events', column, 'sequence = 7');
      names[column.name] = await found();
      await restored();
    }
    const expected = columns.map(({ name }) => [
      name,
      // The number after it is the gap.
      name === 'sequence' ? ['7 missing in 2', '8 inserted in 2'] : ['7 altered in 2'],
    ]);
    expect(columns).toHaveLength(21);
    expect(names).toEqual(Object.fromEntries(expected));
  });

  it('names the event of nobody known just so', async () => {
    for (const name of ['ip_address', 'user_agent']) {
      await owner.flip('audit_events', { name, type: 'text' }, 'sequence = 10');
      expect(await found()).toEqual(['10 altered in 2']);
      await restored();
    }
  });

  it.each([
    ['the last one deleted', 'DELETE FROM audit_events WHERE sequence = 13', ['13 missing in 3']],
    ['one in the middle deleted', 'DELETE FROM audit_events WHERE sequence = 7', ['7 missing in 2']],
    [
      'the tail deleted',
      'DELETE FROM audit_events WHERE sequence > 9',
      ['10 missing in 2', '11 missing in 3', '12 missing in 3', '13 missing in 3'],
    ],
    [
      'two swapped',
      `UPDATE audit_events SET sequence = 100 WHERE sequence = 6; UPDATE audit_events SET sequence = 6 WHERE sequence = 9; UPDATE audit_events SET sequence = 9 WHERE sequence = 100`,
      ['6 reordered in 2', '9 reordered in 2'],
    ],
    [
      'one copied into a gap',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"sequence": 8}')).* FROM audit_events e WHERE sequence = 7`,
      ['8 inserted in 2'],
    ],
    [
      'one copied below the first',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"sequence": -3}')).* FROM audit_events e WHERE sequence = 7`,
      ['-3 inserted in 1'],
    ],
    [
      'one copied to the end',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"sequence": 14}')).* FROM audit_events e WHERE sequence = 7`,
      ['14 inserted in 4'],
    ],
    [
      'one made up at the end, in the way of another',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"sequence": 14, "action": "user.deleted"}')).* FROM audit_events e WHERE sequence = 7`,
      ['14 inserted in 4'],
    ],
    [
      'one without a mac at the end',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"sequence": 14, "mac": null}')).* FROM audit_events e WHERE sequence = 7`,
      ['14 inserted in 4'],
    ],
    [
      'one of the same number in another month',
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, '{"occurred_at": "2026-03-01"}')).* FROM audit_events e WHERE sequence = 7`,
      ['7 inserted in 2'],
    ],
    [
      'the box of its person taken away',
      'UPDATE audit_events SET personal_box = NULL WHERE sequence = 7',
      ['7 altered in 2'],
    ],
    [
      'the box of its person put in the place of another',
      `UPDATE audit_events SET personal_box = (SELECT personal_box FROM audit_events WHERE sequence = 6) WHERE sequence = 7`,
      ['7 altered in 2'],
    ],
    ['its mac taken away', 'UPDATE audit_events SET mac = NULL WHERE sequence = 7', ['7 altered in 2']],
  ])('names what is wrong: %s', async (_, sql, findings) => {
    for (const statement of sql.split('; ')) await owner.run(statement);
    expect(await found()).toEqual(findings);
  });

  it('names the seal of which one byte is changed, in whichever column', async () => {
    const columns = await owner.columnsOf('audit_seals');
    const names: Record<string, string> = {};
    for (const column of columns) {
      await owner.flip('audit_seals', column, 'number = 3');
      [names[column.name] = ''] = await found();
      await restored();
    }
    const expected = columns.map(({ name }) => [name, '11 seal_altered in 3']);
    expect(names).toEqual({
      ...Object.fromEntries(expected),
      number: '11 seal_missing in 3',
      key_id: '11 key_unknown in 3',
    });
  });

  it.each([
    ['a seal in the middle deleted', 'DELETE FROM audit_seals WHERE number = 2', '6 seal_missing in 2'],
    ['the first seal deleted', 'DELETE FROM audit_seals WHERE number = 1', '1 seal_missing in 1'],
    ['the last seal deleted', 'DELETE FROM audit_seals WHERE number = 3', '11 seal_missing in 3'],
    [
      'the last seal and its events deleted',
      'WITH gone AS (DELETE FROM audit_seals WHERE number = 3) DELETE FROM audit_events WHERE sequence > 10',
      '11 seal_missing in 3',
    ],
    [
      'two seals given each other’s number',
      'UPDATE audit_seals SET number = number + 100; UPDATE audit_seals SET number = CASE number WHEN 101 THEN 1 WHEN 102 THEN 3 ELSE 2 END',
      '6 seal_altered in 2',
    ],
    ['a listed number altered', 'UPDATE audit_seals SET sequences[2] = 8 WHERE number = 2', '6 seal_altered in 2'],
    ['the key altered', `UPDATE audit_keys SET public_key = set_byte(public_key, 20, 1)`, '1 key_unknown in 1'],
    [
      'the key sealed by another',
      `UPDATE audit_keys SET private_key_sealed = set_byte(private_key_sealed, 20, 1)`,
      '1 key_unknown in 1',
    ],
  ])('names the seal: %s', async (_, sql, first) => {
    await log.seal();
    for (const statement of sql.split('; ')) await owner.run(statement);
    // A key that is broken signs nothing, and what it signed is known by nobody.
    expect((await found())[0]).toBe(first);
  });

  it('names what was cut off after a restart too, by the file it left, and though it was sealed anew meanwhile', async () => {
    await log.seal();
    await owner.run('DELETE FROM audit_seals WHERE number = 3');
    Object.assign(context.app.get(HeadAnchor), { remembered: null });
    context.clock.advance({ seconds: 1 });
    await log.seal();
    expect(await found()).toEqual(['11 seal_missing in 3']);
  });

  it('believes no key that was put there by somebody else, though all is signed anew with it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const der = publicKey.export({ format: 'der', type: 'spki' });
    await owner.run(`INSERT INTO audit_keys SELECT 'theirs', $1, private_key_sealed, created_at FROM audit_keys`, [
      der,
    ]);
    await owner.run('UPDATE audit_events SET risk_score = 1 WHERE sequence = 12');
    const seal = (await context.app.get(Seals).find(3))!;
    const payload = { ...seal.payload, keyId: 'theirs' };
    const bytes = SPELLING.bytesOf(payloadFieldsOf(payload));
    const hash = Buffer.from(hexHashOf(SPELLING, payloadFieldsOf(payload)), 'hex');
    await owner.run(`UPDATE audit_seals SET key_id = 'theirs', hash = $1, signature = $2 WHERE number = 3`, [
      hash,
      sign(null, bytes, privateKey),
    ]);
    expect(await found()).toEqual(['11 key_unknown in 3', '12 altered in 3']);
  });

  it('stays whole when a person is erased, and says so of whoever is made to look erased', async () => {
    const details = { scope: 'account' };
    const erasure = { action: 'user.deleted', type: 'user.deleted', at: context.clock.now(), details } as const;
    await log.record({ ...erasure, actorId: ANN });
    await context.app.get(UnitOfWork).run(() => context.app.get(PersonKeys).destroy(ANN, erasure.at));
    expect(await found()).toEqual([]);
    await log.seal();
    expect(await found()).toEqual([]);
    await restored();
    await owner.run('UPDATE audit_person_keys SET seed = NULL, destroyed_at = $2 WHERE user_id = $1', [
      ANN,
      erasure.at,
    ]);
    const altered = (await found()).filter((finding) => finding.includes('altered'));
    expect(altered).toHaveLength(PLACES.length - 1);
    await restored();
    await owner.run('DELETE FROM audit_person_keys WHERE user_id = $1', [ANN]);
    expect((await found())[0]).toBe('1 altered in 1');
    await restored();
    await owner.run(
      'UPDATE audit_person_keys SET seed = set_byte(seed, 20, get_byte(seed, 20) # 1) WHERE user_id = $1',
      [ANN],
    );
    expect((await found()).filter((finding) => finding.includes('altered'))).toHaveLength(PLACES.length - 1);
  });

  describe('for a tenant', () => {
    it.each([
      ['altered', 'UPDATE audit_events SET risk_score = 1 WHERE sequence = 7', ['7 altered in 2']],
      ['deleted', 'DELETE FROM audit_events WHERE sequence = 7', ['7 missing in 2']],
      ['given to another', `UPDATE audit_events SET tenant_id = '${THEIRS}' WHERE sequence = 7`, ['7 altered in 2']],
    ])('tells of its own event that is %s, and another of none of it', async (_, sql, ours) => {
      await owner.run(sql);
      expect(await found(OURS)).toEqual(ours);
      const others = (await found(THEIRS)).filter((finding) => !finding.startsWith('7 '));
      expect(others).toEqual([]);
    });

    it('tells nothing of what is another’s', async () => {
      await owner.run('UPDATE audit_events SET risk_score = 1 WHERE sequence = 7');
      expect(await found(THEIRS)).toEqual([]);
    });

    it('tells of seals, which are everybody’s', async () => {
      await owner.run('DELETE FROM audit_seals WHERE number = 2');
      expect((await found(THEIRS))[0]).toBe('6 seal_missing in 2');
    });
  });

  it('goes on behind the seal where its time was over', async () => {
    const verifying = context.app.get(VerifyAuditLog);
    const first = await verifying.execute({ whose: null, afterSeal: 0, hasTime: () => false });
    expect(first).toMatchObject({ verified: false, complete: false, nextSeal: 1, events: 5, findings: [] });
    const rest = await verifying.execute({ whose: null, afterSeal: 1, hasTime: () => true });
    expect(rest).toMatchObject({ complete: true, nextSeal: null, events: 7, findings: [], fromSeal: 1 });
    expect(rest.verified).toBe(false);
  });

  /** Somebody who has the table and not the key. */
  const withoutMac = (sequence: string): Promise<unknown> =>
    owner.run(
      `INSERT INTO audit_events OVERRIDING SYSTEM VALUE
       SELECT (jsonb_populate_record(e, jsonb_build_object('sequence', ${sequence}, 'mac', NULL, 'id', gen_random_uuid(),
                                                           'occurred_at', occurred_at - interval '1 hour'))).*
       FROM audit_events e WHERE sequence = 10`,
    );

  it('excuses no event without a mac by a first seal that was altered while it was sealed', async () => {
    await owner.run(`UPDATE audit_seals SET unsigned = 1, sealed_at = $1 WHERE number = 1`, [context.clock.now()]);
    await withoutMac('14');
    await log.seal();
    await owner.run(`UPDATE audit_seals SET unsigned = kept.unsigned, sealed_at = kept.sealed_at
                     FROM kept_audit_seals kept WHERE kept.number = audit_seals.number`);
    expect(await found()).toEqual(['14 inserted in 4']);
  });

  it('excuses none that a seal took for one of a version before when there was none', async () => {
    await withoutMac('14');
    // As if the first seal had been believed.
    const seals = context.app.get(Seals);
    const find = seals.find.bind(seals);
    seals.find = () => Promise.resolve(null);
    const newest = seals.newest.bind(seals);
    let asked = 0;
    seals.newest = () => ((asked += 1) === 3 ? Promise.resolve(null) : newest());
    await context.app.get(SealAuditLog).execute();
    Object.assign(seals, { find, newest });
    expect(await seals.find(4)).toMatchObject({ payload: { unsigned: 1, foreignSequences: [] } });
    expect(await found()).toEqual(['14 inserted in 4']);
  });

  it('names what has a number the database never gave, and seals what is written after it all the same', async () => {
    await withoutMac('9000000000000000000');
    await log.recordSome(2);
    expect(await found()).toEqual(['9000000000000000000 inserted in null']);
    expect(await found(THEIRS)).toEqual([]);
    expect(await context.app.get(Seals).newest()).toMatchObject({ number: 4 });
  });

  it('takes the event of the service where somebody used its number before', async () => {
    const [next] = await context.source.query<{ next: string }[]>(
      `SELECT last_value + 1 AS next FROM audit_events_sequence_seq`,
    );
    await withoutMac(next?.next ?? '');
    await log.record();
    expect(await found()).toEqual([`${next?.next ?? ''} inserted in 4`]);
  });

  it.each([
    [
      'an instant that is none',
      `ALTER TABLE audit_events DROP CONSTRAINT audit_events_instant_finite;
       INSERT INTO audit_events (id, occurred_at, actor, action, outcome, risk_score, details)
       SELECT gen_random_uuid(), at::timestamptz, 'system', 'auth.login', 'success', 0, '{}'
       FROM unnest('{infinity,-infinity,0044-03-15 BC,20000-01-01}'::text[]) AS at`,
      4,
    ],
    [
      'a key that is none',
      `INSERT INTO audit_keys SELECT 'a-key', public_key, decode('00', 'hex'), 'infinity' FROM audit_keys`,
      0,
    ],
  ])('is not kept from sealing by %s', async (_, sql, count) => {
    await owner.run(sql);
    await log.record();
    const { findings, unsealed, found: number, lastSeal } = await log.verify();
    expect([findings.map(({ reason }) => reason), number, unsealed]).toEqual([Array(count).fill('inserted'), count, 0]);
    expect(lastSeal?.number).toBeGreaterThan(3);
  });
});
