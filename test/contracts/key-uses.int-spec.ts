import { randomUUID } from 'node:crypto';
import { KeyUses } from '../../src/modules/tokens/application/api-keys/key-uses.port';
import { ApiKeys } from '../../src/modules/tokens/application/api-keys/api-keys.port';
import type { ApiKey, ApiKeyState } from '../../src/modules/tokens/domain/api-keys/api-key';
import { apiKeyId } from '../../src/modules/tokens/domain/api-keys/api-key-id';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { noRequest, RequestContext } from '../../src/platform/http/request-context';
import { anApiKey } from '../support/an-api-key';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { shown } from '../support/recorded';
import { interleaved } from '../support/gates';
import { sabotage } from '../support/sabotage';
import { statementsOf } from '../support/statements';
import { type Member, Stored } from '../support/stored';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));
const HOME = '203.0.113.7';

describe.each(DATABASES)('every store of the uses of keys (%s)', (database) => {
  let context: TestContext;
  let uses: KeyUses;

  beforeAll(async () => {
    context = await aContext({ database });
    uses = context.app.get(KeyUses);
  });
  afterAll(() => context.stop());

  const aKey = async (change: Partial<ApiKeyState> = {}, owner?: Member): Promise<ApiKey> => {
    const key = anApiKey(owner ?? (await new Stored(context).newMember()), change);
    await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).add(key));
    return key;
  };
  const idOf = (key: ApiKey) => key.snapshot().id;
  const lastUse = async (key: ApiKey): Promise<Date | null | undefined> => {
    const [row] = await context.source.query<{ at: Date | null }[]>(
      'SELECT last_used_at AS at FROM api_keys WHERE id = $1',
      [idOf(key)],
    );
    return row?.at;
  };
  const told = (key: ApiKey): Promise<unknown[]> =>
    context.source.query<unknown[]>(
      `SELECT actor, user_id, actor_id, api_key_id, tenant_id FROM audit_events
       WHERE action = 'api_key.used' AND outcome = 'success' AND target_id = $1 ORDER BY sequence`,
      [idOf(key)],
    );
  const use = async (key: ApiKey, when: Date): Promise<void> => {
    uses.note(idOf(key), when);
    await uses.write();
  };

  it('asks the database nothing when a use is noted, nor when there is nothing to write', async () => {
    const key = await aKey();
    const noting = () => {
      for (let second = 0; second < 50; second += 1) uses.note(idOf(key), at(1));
      return Promise.resolve();
    };
    expect(await statementsOf(context.source, noting)).toEqual([]);
    expect(await lastUse(key)).toBeNull();
    await uses.write();
    expect(await lastUse(key)).toEqual(at(1));
    expect(await statementsOf(context.source, () => uses.write())).toEqual([]);
  });

  it('writes all keys of a batch by one statement', async () => {
    const keys = [await aKey(), await aKey(), await aKey()];
    for (const key of keys) await use(key, at(1));
    for (const key of keys) uses.note(idOf(key), at(2));
    const asked = await statementsOf(context.source, () => uses.write());
    expect(asked.filter((sql) => sql.startsWith('UPDATE'))).toHaveLength(1);
    expect(await Promise.all(keys.map(lastUse))).toEqual([at(2), at(2), at(2)]);
  });

  it('tells of the first use on a day, and of no other on that day', async () => {
    const key = await aKey();
    for (const hour of [1, 2, 23]) await use(key, at(hour));
    expect(await told(key)).toHaveLength(1);
    for (const hour of [24, 47]) await use(key, at(hour));
    expect(await told(key)).toHaveLength(2);
  });

  it('tells of it as done by the key, for its owner and in its tenant, from where the request came', async () => {
    const owner = await new Stored(context).newMember();
    const key = await aKey({}, owner);
    context.app.get(RequestContext).run({ ...noRequest('anonymous'), ipAddress: HOME }, () => {
      uses.note(idOf(key), at(1));
    });
    await uses.write();
    const { userId: user_id, tenantId: tenant_id } = owner;
    const [actor_id, api_key_id] = [user_id, idOf(key)];
    expect(await told(key)).toEqual([{ actor: 'api_key', user_id, actor_id, api_key_id, tenant_id }]);
    expect(await shown(context.app, { userId: user_id, ipAddress: HOME })).toHaveLength(1);
  });

  // Another replica may write later what it saw before.
  it('never goes back to an earlier use, nor tells of one', async () => {
    const key = await aKey();
    await use(key, at(30));
    await use(key, at(2));
    expect(await lastUse(key)).toEqual(at(30));
    expect(await told(key)).toHaveLength(1);
  });

  it('of two that write the first use of a day at once, lets one tell of it', async () => {
    const key = await aKey();
    uses.note(idOf(key), at(1));
    const elsewhere = await interleaved(
      context,
      () => uses.write(),
      () => use(key, at(2)),
    );
    expect(elsewhere.status).toBe('fulfilled');
    expect(await lastUse(key)).toEqual(at(2));
    expect(await told(key)).toHaveLength(1);
  });

  it('keeps what it could not put on record, and writes it the next time', async () => {
    const key = await aKey();
    uses.note(idOf(key), at(1));
    const repair = await sabotage(context.source, 'audit_events', 'INSERT');
    await expect(uses.write()).rejects.toThrow();
    await repair();
    expect(await lastUse(key)).toBeNull();
    await uses.write();
    expect(await lastUse(key)).toEqual(at(1));
    expect(await told(key)).toHaveLength(1);
  });

  it('passes over a key that is gone', async () => {
    const key = await aKey();
    uses.note(apiKeyId(randomUUID()), at(1));
    await use(key, at(1));
    expect(await lastUse(key)).toEqual(at(1));
  });
});
