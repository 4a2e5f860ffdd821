import { randomUUID } from 'node:crypto';
import { userId } from '../../../src/kernel/ids';
import { AuditPersonalData } from '../../../src/modules/audit/infrastructure/audit-personal-data';
import { AuditQueries } from '../../../src/modules/audit/application/audit-queries';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { PersonKeys } from '../../../src/modules/audit/application/person-keys.port';
import { ErasuresOnRecord } from '../../../src/modules/audit/infrastructure/seals/erasures-on-record';
import { AuditSecret } from '../../../src/modules/audit/infrastructure/audit-secret';
import { StoredPersonKeys } from '../../../src/modules/audit/infrastructure/personal/stored-person-keys';
import { Random } from '../../../src/platform/crypto/random';
import { Database } from '../../../src/platform/database/database';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, interleaved } from '../../support/gates';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';
import { Stored } from '../../support/stored';

describe.each(DATABASES)('keys of persons (%s)', (database) => {
  let context: TestContext;
  let work: Database;
  /** As two processes hold them: each remembers for itself. */
  let here: PersonKeys;
  let elsewhere: PersonKeys;

  beforeAll(async () => {
    context = await aContext({ database });
    const { app } = context;
    work = app.get(Database);
    here = app.get(PersonKeys);
    elsewhere = new StoredPersonKeys(work, app.get(AuditSecret), app.get(Random));
  });
  afterAll(() => context.stop());

  const sealing = (keys: PersonKeys, person: string): Promise<Buffer | null> => work.run(() => keys.toSeal(person));
  const opening = async (person: string): Promise<Buffer | null | undefined> =>
    (await here.toOpen([person])).get(person);
  const destroy = (keys: PersonKeys, person: string): Promise<void> => work.run((now) => keys.destroy(person, now));

  it('are made when first needed, one for each person, and stay', async () => {
    const [ann, bob] = [randomUUID(), randomUUID()];
    const key = await sealing(here, ann);
    expect(key).toHaveLength(32);
    expect(await sealing(elsewhere, ann)).toEqual(key);
    expect(await opening(ann)).toEqual(key);
    expect(await sealing(here, bob)).not.toEqual(key);
    expect(await opening(randomUUID())).toBeUndefined();
    expect(await here.toOpen([])).toEqual(new Map());
  });

  it('are there with the account, so that two who need one at once wait for nothing of it', async () => {
    const { userId: person } = await new Stored(context).newMember();
    const [isAsked, isHeld] = [gate(), gate()];
    let runs = 0;
    const hold = () => work.writer.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [person]);
    const asking = work.run(async () => {
      runs += 1;
      const key = await here.toSeal(person);
      isAsked.open();
      // An embedded database has one session: the other one begins when this one has ended.
      if (database === 'postgres') await isHeld.opened;
      await hold();
      return key;
    });
    const holding = work.run(async () => {
      runs += 1;
      await hold();
      isHeld.open();
      await isAsked.opened;
      return elsewhere.toSeal(person);
    });
    const key = await opening(person);
    expect(await Promise.all([asking, holding])).toEqual([key, key]);
    expect(runs).toBe(2);
  });

  it('are the same for two that make one at a time', async () => {
    const person = randomUUID();
    let first: Buffer | null = null;
    const second = await interleaved(
      context,
      async () => {
        first = await here.toSeal(person);
      },
      () => sealing(elsewhere, person),
    );
    expect(second).toEqual({ status: 'fulfilled', value: first });
    expect(await opening(person)).toEqual(first);
  });

  it('are made by whoever comes second where the first did not come to its end', async () => {
    const person = randomUUID();
    const undone = interleaved(
      context,
      async () => {
        await here.toSeal(person);
        throw new Error('undone');
      },
      () => sealing(elsewhere, person),
    );
    await expect(undone).rejects.toThrow('undone');
    const key = await sealing(elsewhere, person);
    expect(await sealing(here, person)).toEqual(key);
    expect(await opening(person)).toEqual(key);
  });

  it('are not remembered where what they were made for did not happen', async () => {
    const person = randomUUID();
    const event = anEvent({ userId: userId(person) });
    const record = (): Promise<void> => work.run(() => context.app.get(AuditTrail).record(event));
    const end = await sabotage(context.source, 'audit_events', 'INSERT');
    await expect(record()).rejects.toThrow('refused');
    await end();
    expect(await opening(person)).toBeUndefined();
    await record();
    const [shown] = (await context.app.get(AuditQueries).ofUser(event.userId!, {}, { limit: 1, before: null })).items;
    expect(shown).toMatchObject({ ipAddress: event.ipAddress, userAgent: event.userAgent });
  });

  it('are gone for good once destroyed, everywhere, and none is made in their place', async () => {
    const [person, unknown] = [randomUUID(), randomUUID()];
    expect(await sealing(elsewhere, person)).toHaveLength(32);
    await destroy(here, person);
    await destroy(here, unknown);
    expect(await opening(person)).toBeNull();
    expect(await elsewhere.toOpen([person])).toEqual(new Map([[person, null]]));
    expect([await sealing(here, person), await sealing(here, unknown)]).toEqual([null, null]);
    expect(await sealing(elsewhere, person)).toBeNull();
    await destroy(elsewhere, person);
    expect(await sealing(elsewhere, person)).toBeNull();
    const [row] = await context.source.query<object[]>(
      'SELECT seed, destroyed_at IS NOT NULL AS destroyed FROM audit_person_keys WHERE user_id = $1',
      [person],
    );
    expect(row).toEqual({ seed: null, destroyed: true });
  });

  it('cost as much to ask for as that of nobody: what is asked does not tell whether an account is there', async () => {
    const { userId: person } = await new Stored(context).newMember();
    await sealing(here, person);
    const asked = (whose: string | null) => statementsOf(context.source, () => work.run(() => here.toSeal(whose)));
    expect(await asked(person)).toEqual(await asked(null));
    await destroy(here, person);
    expect(await asked(person)).toEqual(await asked(null));
  });

  it('are believed to be destroyed where the log tells of it, or its month is archived', async () => {
    const [person, told] = [randomUUID(), userId(randomUUID())];
    const erasures = context.app.get(ErasuresOnRecord);
    const at = new Date('2019-05-31T23:59:59.999Z');
    await work.run(async () => {
      await here.destroy(person, at);
      await here.destroy(told, at);
      const details = { scope: 'account' } as const;
      await context.app.get(AuditTrail).record(anEvent({ type: 'user.deleted', userId: told, at, details }));
    });
    expect([...(await erasures.of([person, told]))]).toEqual([told]);
    await context.source.query(
      `INSERT INTO audit_keys (id, public_key, private_key_sealed, created_at) VALUES ('a-key', '', '', now());
       INSERT INTO audit_archives (month, through_seal, events, file_sha256, archived_at, key_id, signature)
       VALUES ('2019-05-01', 1, 1, '', now(), 'a-key', '')`,
    );
    expect([...(await erasures.of([person]))]).toEqual([person]);
  });

  it('are not destroyed by an erasure that did not happen', async () => {
    const person = randomUUID();
    const key = await sealing(here, person);
    const undone = work.run(async (now) => {
      await here.destroy(person, now);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect([await opening(person), await sealing(here, person)]).toEqual([key, key]);
  });

  it('are destroyed also where one is being made at that moment', async () => {
    const person = randomUUID();
    await interleaved(
      context,
      () => here.toSeal(person),
      () => destroy(elsewhere, person),
    );
    expect(await opening(person)).toBeNull();
  });

  it('open for nobody else: an event whose key was moved or altered is shown without what it held', async () => {
    const [ann, bob] = [userId(randomUUID()), userId(randomUUID())];
    for (const user of [ann, bob]) {
      await work.run(() => context.app.get(AuditTrail).record(anEvent({ userId: user })));
    }
    await context.source.query('ALTER TABLE audit_person_keys DISABLE TRIGGER USER');
    await context.source.query(
      `UPDATE audit_person_keys SET seed = (SELECT seed FROM audit_person_keys WHERE user_id = $1) WHERE user_id = $2`,
      [ann, bob],
    );
    await context.source.query('ALTER TABLE audit_person_keys ENABLE TRIGGER USER');
    expect(await opening(bob)).not.toEqual(await opening(ann));
    const queries = context.app.get(AuditQueries);
    const page = await queries.page({ kind: 'everybody' }, {}, { limit: 2, before: null });
    expect(page.items.map(({ userId: user, ipAddress }) => [user, ipAddress])).toEqual([
      [bob, null],
      [ann, '203.0.113.7'],
    ]);
  });

  it('take the addresses and agents of who is erased with them, in lists and in what they may take along', async () => {
    const [ann, admin] = [userId(randomUUID()), userId(randomUUID())];
    const trail = context.app.get(AuditTrail);
    await work.run(async () => {
      await trail.record(anEvent({ userId: ann, actorId: ann }));
      await trail.record(anEvent({ userId: ann, actorId: admin, ipAddress: '198.51.100.9' }));
      await trail.record(anEvent({ userId: admin, actorId: ann }));
    });
    const queries = context.app.get(AuditQueries);
    const all = async (): Promise<unknown[]> =>
      (await queries.page({ kind: 'everybody' }, {}, { limit: 3, before: null })).items.map((event) => [
        event.ipAddress,
        event.userAgent,
      ]);
    const [hers, agent] = ['203.0.113.7', 'a browser'];
    expect(await all()).toEqual([
      [hers, agent],
      ['198.51.100.9', agent],
      [hers, agent],
    ]);
    await destroy(here, ann);
    expect(await all()).toEqual([
      [null, null],
      ['198.51.100.9', agent],
      [null, null],
    ]);
    const own = await queries.ofUser(ann, {}, { limit: 9, before: null });
    expect(own.items.map(({ ipAddress, userAgent }) => [ipAddress, userAgent])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect((await queries.ofUser(ann, { ipAddress: hers }, { limit: 9, before: null })).items).toEqual([]);
    const taken = await context.app.get(AuditPersonalData)['eventsOf'](ann);
    expect(JSON.stringify(taken)).not.toMatch(/203\.0\.113|198\.51\.100|a browser/);
    await work.run(() => trail.record(anEvent({ userId: ann })));
    expect((await all())[0]).toEqual([null, null]);
  });
});
