import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SealAuditLog } from '../../src/modules/audit/application/seals/seal-audit-log';
import { command, type Ended } from '../support/commands';
import { cleanUp } from '../support/process';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';
import { TableOwner } from '../support/table-owner';

type Proof = {
  readonly event: Readonly<Record<string, unknown>>;
  readonly personal: Readonly<Record<string, unknown>>;
  readonly public_key: string;
};

afterAll(cleanUp);

describe('the seals of the audit log', () => {
  let service: TestService;
  let ann: string;
  let bob: string;
  let tenant: string;

  beforeAll(async () => {
    service = await aService({ hashesOnce: true });
    ann = (await service.client.signedUp('ann@example.com')).access;
    tenant = (await service.client.login('ann@example.com')).body.tenant_id;
    bob = (await service.client.signedUp('bob@example.com')).access;
  });
  afterAll(() => service.stop());

  const get = (path: string, token = ann) => service.client.get(`/audit-logs/${path}`, { token });
  const oneOf = async (action: string): Promise<string> => {
    const { body } = await service.client.get(`/auth/audit-logs?action=${action}`, { token: ann });
    return String(body.items[0]?.id);
  };
  const run = (...words: string[]): Promise<Ended> => command(words, { database: service.database });

  it('are checked for a tenant, and that is on record', async () => {
    const { status, body } = await get('verify');
    expect([status, body]).toEqual([
      200,
      {
        ...{
          verified: true,
          events: 4,
          first_bad: null,
          findings: 0,
          unsealed: 0,
          from_seal: 0,
          complete: true,
          next_seal: null,
        },
        last_seal: {
          number: 1,
          hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          sealed_at: expect.any(String) as string,
          key_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        },
      },
    ]);
    const [recorded] = await service.source.query<unknown[]>(
      `SELECT outcome, details FROM audit_events WHERE action = 'audit.verified'`,
    );
    expect(recorded).toEqual({ outcome: 'success', details: { events: 4, from_seal: 0, unsealed: 0, complete: true } });
  });

  it('are asked for from a seal on, named by its number', async () => {
    expect((await get('verify?after_seal=1')).body).toMatchObject({ verified: false, from_seal: 1, complete: true });
    expectProblem(await get('verify?after_seal=-1'), 422, 'VALIDATION_FAILED');
  });

  it('prove one event, to whoever has it and the public key', async () => {
    await service.app.get(SealAuditLog).execute();
    const id = await oneOf('auth.login');
    const { status, body } = await get(`${id}/proof`);
    expect(status).toBe(200);
    const proof = body as unknown as Proof;
    expect(proof).toMatchObject({ event: { id, ip_address: null }, personal: { ip_address: '127.0.0.1' } });

    const folder = service.database.variables.DATA_DIR ?? '';
    const [file, key] = [join(folder, 'proof.json'), join(folder, 'key.pem')];
    const printed = await run('audit', 'public-key');
    expect(printed).toMatchObject({ code: 0, stdout: proof.public_key });
    await writeFile(key, printed.stdout);
    const check = async (changed: object): Promise<Ended> => {
      await writeFile(file, JSON.stringify({ ...proof, ...changed }));
      return run('audit', 'verify', '--proof', file, '--public-key', key);
    };
    expect(await check({})).toMatchObject({ code: 0, stdout: 'The proof holds.\n' });
    const event = { ...proof.event, outcome: 'failure' };
    expect(await check({ event })).toMatchObject({ code: 1, stdout: 'The event is not in the seal.\n' });
    const personal = { ...proof.personal, ip_address: '127.0.0.2' };
    expect((await check({ personal })).code).toBe(1);
    expect((await check({ signature: Buffer.alloc(64).toString('base64') })).stdout).toMatch(/signature/);
  });

  it('prove nothing of what is another’s, of nobody’s, or not sealed yet', async () => {
    const id = await oneOf('auth.login');
    expectProblem(await get(`${id}/proof`, bob), 404, 'NOT_FOUND');
    expectProblem(await get('nothing/proof'), 404, 'NOT_FOUND');
    await service.client.login('ann@example.com');
    expectProblem(await get(`${await oneOf('auth.login')}/proof`), 409, 'CONFLICT');
  });

  it('are checked as a whole at the command line, which tells of what is wrong in words and by its end', async () => {
    const whole = await run('audit', 'verify');
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^The audit log is whole: \d+ events, \d+ seals, the last [0-9a-f]{64}\.\n$/);

    const owner = await TableOwner.of(service.source);
    const [first] = await service.source.query<{ sequence: number }[]>(
      `SELECT sequence::int FROM audit_events WHERE tenant_id = $1 ORDER BY sequence LIMIT 1`,
      [tenant],
    );
    const { sequence = 0 } = first ?? {};
    await owner.run('UPDATE audit_events SET risk_score = 1 WHERE sequence = $1', [sequence]);
    const { code, stdout } = await run('audit', 'verify');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/\nEvent \d+ \([-0-9a-f]{36}\) is not as it was written\.\n$/),
    ]);
    const json = JSON.parse((await run('audit', 'verify', '--json')).stdout) as unknown;
    expect(json).toMatchObject({ verified: false, findings: [{ sequence, reason: 'altered' }] });
    expect((await get('verify')).body).toMatchObject({
      verified: false,
      first_bad: { sequence, reason: 'altered' },
      findings: 1,
    });
    expect((await get('verify', bob)).body).toMatchObject({ verified: true, first_bad: null });
  });

  it('cannot be asked for in half sentences, or without a database', async () => {
    expect((await run('audit', 'verify', '--events', 'a file')).code).toBe(2);
    const away = {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      MASTER_KEY: randomBytes(32).toString('base64'),
    };
    expect((await command(['audit', 'verify'], { variables: away })).code).toBe(3);
  });
});
