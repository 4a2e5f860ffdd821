import { randomBytes } from 'node:crypto';
import { AuditQueries } from '../../../src/modules/audit/application/audit-queries';
import { AuditSecret } from '../../../src/modules/audit/infrastructure/audit-secret';
import { MasterKey } from '../../../src/platform/crypto/master-key';
import { Random } from '../../../src/platform/crypto/random';
import { SealBroken, SecretBox } from '../../../src/platform/crypto/secret-box';
import { Database } from '../../../src/platform/database/database';
import { ANN, Log } from '../../support/audit-log';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { interleaved } from '../../support/gates';

describe.each(DATABASES)('the secret of the audit log (%s)', (database) => {
  let context: TestContext;
  let work: Database;
  const aProcess = (box = context.app.get(SecretBox)): AuditSecret =>
    new AuditSecret(work, box, context.app.get(Random));
  const count = async (): Promise<unknown> =>
    (await context.source.query<{ count: number }[]>('SELECT count(*)::int FROM audit_secrets'))[0]?.count;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    await context.app.init();
    work = context.app.get(Database);
    // The database comes with what its migrations put on record.
    await context.source.query('ALTER TABLE audit_secrets DISABLE TRIGGER USER');
    await context.source.query('DELETE FROM audit_secrets');
    await context.source.query('ALTER TABLE audit_secrets ENABLE TRIGGER USER');
  });
  afterAll(() => context.stop());

  it('is not remembered where it was made for something that did not happen', async () => {
    const here = aProcess();
    let undone: Buffer | null = null;
    const failing = work.run(async () => {
      undone = await here.derive('one');
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await count()).toBe(0);
    expect(await here.derive('one')).not.toEqual(undone);
    await context.source.query('ALTER TABLE audit_secrets DISABLE TRIGGER USER');
    await context.source.query('DELETE FROM audit_secrets');
    await context.source.query('ALTER TABLE audit_secrets ENABLE TRIGGER USER');
  });

  it('is one, though two processes need it first at the same moment', async () => {
    const [here, elsewhere] = [aProcess(), aProcess()];
    let first: Buffer | null = null;
    const second = await interleaved(
      context,
      async () => {
        first = await here.derive('one');
      },
      () => elsewhere.derive('one'),
    );
    expect(second).toEqual({ status: 'fulfilled', value: first });
    expect(await count()).toBe(1);
    expect(await aProcess().derive('one')).toEqual(first);
    expect(await here.derive('another')).not.toEqual(first);
  });

  it('outlives the master key: sealed anew under another, it finds and verifies the events there were', async () => {
    const log = new Log(context);
    await log.record();
    await log.seal();
    const another = new SecretBox(new MasterKey(randomBytes(32)), context.app.get(Random));
    const place = 'audit_secrets/log';
    const [row] = await context.source.query<{ sealed: Buffer }[]>('SELECT sealed FROM audit_secrets');
    const secret = context.app.get(SecretBox).open(row!.sealed, place);
    expect(row!.sealed.includes(secret)).toBe(false);
    await context.source.query('UPDATE audit_secrets SET sealed = $1', [another.seal(secret, place)]);
    await expect(aProcess().derive('event')).rejects.toThrow(SealBroken);
    Object.assign(context.app.get(AuditSecret), { box: another, remembered: null });
    expect(await log.verify()).toMatchObject({ verified: true, events: 1 });
    const filter = { ipAddress: '203.0.113.7' };
    expect((await context.app.get(AuditQueries).ofUser(ANN, filter, { limit: 9, before: null })).items).toHaveLength(1);
  });
});
