import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as argon2 } from '@node-rs/argon2';
import { Background } from '../../src/platform/concurrency/background';
import { type Answer, PASSWORD } from '../support/client';
import { aService, type TestService } from '../support/service';
import { statementsOf } from '../support/statements';
import { type Member, Stored } from '../support/stored';
import { median, shareOfLonger, shuffled, Stopwatch } from '../support/timing';

type Look = { readonly attempts: number; readonly apart: number };
/**
 * After how many attempts of each group their times are looked at, and how far from 0.5 an AUC may be then; when none is
 * further, that was it. By simulation with normal times: where nobody is different the first look ends it in six runs of
 * seven, and three runs of 10,000 call somebody different. An AUC of 0.65 goes unseen in 4 runs of 100 (in 2 if all 240 were
 * always made), one of 0.7 in 2 of 10,000.
 */
const LOOKS: readonly Look[] = process.env.ATTEMPTS
  ? [{ attempts: Number(process.env.ATTEMPTS), apart: 0.1 }]
  : [
      { attempts: 96, apart: 0.08 },
      { attempts: 240, apart: 0.1 },
    ];
const ATTEMPTS = Math.max(...LOOKS.map(({ attempts }) => attempts));
const MEASURE = 'unknown user';
/** Kinds that take the same way through the service; that they do is what the count of statements holds. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [MEASURE]: [MEASURE],
  'wrong password': ['wrong password'],
  'right, and opens nothing': [
    'disabled',
    'unverified',
    'suspended tenant',
    'no member of the tenant',
    'second factor missing',
  ],
  'kept out': ['locked', 'stopped', 'unknown user, locked'],
};
/** An account, or a name, stands four wrong passwords before it is a locked one. */
const STANDS = 4;
const ACCOUNTS = Math.ceil(ATTEMPTS / STANDS);
const WRONG = `${PASSWORD}!`;

type Credentials = { readonly username: string; readonly password: string; readonly tenant?: string };
/** A sign-in that is refused: to one of several accounts, the last of which nobody measures. */
type Kind = (account: number) => Credentials;

/** One account, or one name, of each kind that is refused; what is refused after wrong passwords already is. */
class Refusals {
  readonly kinds = new Map<string, Kind>();
  private readonly stored: Stored;
  private passwordHash = '';

  constructor(private readonly service: TestService) {
    this.stored = new Stored(service);
  }

  async arrange(): Promise<void> {
    this.passwordHash = await argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const stranger = (await this.stored.tenant()).slug;
    this.kinds.set(MEASURE, (account) => ({ username: `nobody${account}@example.com`, password: WRONG }));
    await this.add('wrong password', { password: WRONG });
    await this.add('disabled', {}, `UPDATE users SET status = 'disabled' WHERE id = $1`);
    await this.add('unverified', {}, 'UPDATE users SET email_verified_at = NULL WHERE id = $1');
    await this.add(
      'suspended tenant',
      {},
      `UPDATE tenants SET status = 'suspended' WHERE id = (SELECT tenant_id FROM memberships WHERE user_id = $1)`,
    );
    await this.add('no member of the tenant', { tenant: stranger });
    await this.add(
      'second factor missing',
      {},
      `UPDATE tenants SET second_factor_above_risk = 1 WHERE id = (SELECT tenant_id FROM memberships WHERE user_id = $1)`,
    );
    await this.add('stopped', {}, 'INSERT INTO lockouts VALUES ($1, 100, now(), DEFAULT, DEFAULT, now())');
    const locked = `${(await this.aMember()).userId}@example.com`;
    for (const username of [locked, 'nobody-locked@example.com']) {
      for (let time = 0; time < 5; time += 1) await this.service.client.login(username, WRONG);
    }
    this.kinds.set('locked', () => ({ username: locked, password: PASSWORD }));
    this.kinds.set('unknown user, locked', () => ({ username: 'nobody-locked@example.com', password: PASSWORD }));
  }

  get(kind: string): Kind {
    const found = this.kinds.get(kind);
    if (!found) throw new Error(`There is no such kind: ${kind}`);
    return found;
  }

  private async add(kind: string, more: Partial<Credentials>, sql?: string): Promise<void> {
    const members: Member[] = [];
    for (let account = 0; account <= ACCOUNTS; account += 1) members.push(await this.aMember());
    if (sql !== undefined) for (const { userId } of members) await this.service.source.query(sql, [userId]);
    this.kinds.set(kind, (account) => ({
      username: `${members[account]!.userId}@example.com`,
      password: PASSWORD,
      ...more,
    }));
  }

  private aMember(): Promise<Member> {
    return this.stored.newMember({ passwordHash: this.passwordHash });
  }
}

/** What is looked at of an answer: all of it, but for what is different in every one. */
function looks({ status, headers, text, body }: Answer): unknown {
  const masked = text
    .replaceAll(body.request_id, '<request id>')
    .replace(/"timestamp":"[^"]*"/, '"timestamp":"<timestamp>"');
  const named = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status, names: [...headers.keys()], headers: named, body: masked };
}

describe('a sign-in that is refused', () => {
  let service: TestService;
  let refusals: Refusals;

  beforeAll(async () => {
    // Whoever has to wait does so until the test is over.
    const variables = { EMAIL_VERIFICATION: 'required', LOCKOUT_DELAY: '3600', LOCKOUT_DELAY_MAX: '3600' };
    // Whoever comes from here has a bad name, which matters where a tenant minds it.
    const reputation = join(mkdtempSync(join(tmpdir(), 'doorward-addresses-')), 'addresses');
    writeFileSync(reputation, '127.0.0.0/8 50\n::1 50\n');
    service = await aService({ variables: { ...variables, ADDRESS_REPUTATION_FILE: reputation } });
    refusals = new Refusals(service);
    await refusals.arrange();
  });
  afterAll(() => service.stop());

  const reasonOf = async (requestId: string): Promise<unknown> => {
    const sql = `SELECT details->>'reason' AS reason FROM audit_events WHERE request_id = $1`;
    const [event] = await service.source.query<{ reason: string }[]>(sql, [requestId]);
    return event?.reason;
  };

  it.each([
    ['wrong password', 'wrong_password'],
    ['disabled', 'disabled'],
    ['unverified', 'unverified'],
    ['suspended tenant', 'tenant_suspended'],
    ['no member of the tenant', 'tenant_not_a_member'],
    ['second factor missing', 'second_factor_missing'],
    ['stopped', 'stopped'],
    ['locked', 'locked'],
    ['unknown user, locked', 'locked'],
  ])('is answered as that of a user there is not: %s', async (kind, reason) => {
    const ways: readonly ((credentials: Credentials) => Promise<Answer>)[] = [
      (json) => service.client.post('/auth/login', { json }),
      (form) => service.client.post('/auth/login', { form }),
      (form) => service.client.post('/auth/token', { form: { grant_type: 'password', ...form } }),
    ];
    for (const ask of ways) {
      const unknown = await ask({ username: `nobody-${reason}@example.com`, password: PASSWORD, tenant: 'acme' });
      const answer = await ask(refusals.get(kind)(ACCOUNTS));
      expect(looks(answer)).toEqual(looks(unknown));
      expect([answer.status, answer.body.error_code]).toEqual([401, 'INVALID_CREDENTIALS']);
      expect(await reasonOf(answer.body.request_id)).toBe(reason);
    }
  });

  it.each([
    'wrong password',
    'disabled',
    'unverified',
    'suspended tenant',
    'no member of the tenant',
    'second factor missing',
    'stopped',
    'locked',
    'unknown user, locked',
  ])('asks the database as much as that of a user there is not, but for one statement at most: %s', async (kind) => {
    const asked = async (json: Credentials): Promise<number> => {
      const statements = await statementsOf(service.source, () => service.client.post('/auth/login', { json }));
      // A reminder, sent when the answer is out, is none of the next one's.
      await service.app.get(Background).idle();
      return statements.length;
    };
    const unknown = await asked({ username: `fresh ${kind}`, password: PASSWORD });
    expect(unknown).toBeGreaterThan(5);
    expect(Math.abs((await asked(refusals.get(kind)(ACCOUNTS))) - unknown)).toBeLessThanOrEqual(1);
  });

  it('takes as long as that of a user there is not, whyever it is refused', async () => {
    const stopwatch = new Stopwatch(service.url);
    const groups = Object.keys(GROUPS);
    expect(Object.values(GROUPS).flat().sort()).toEqual([...refusals.kinds.keys()].sort());
    const times = new Map(groups.map((group): [string, number[]] => [group, []]));
    const measure = async (from: number, to: number): Promise<void> => {
      // Of the accounts whose wrong passwords count, none is asked for more often than it stands.
      const turns = Object.entries(GROUPS).flatMap(([group, kinds]) =>
        Array.from({ length: to - from }, (_, more) => from + more).map((n) => {
          return { group, kind: kinds[n % kinds.length]!, account: n % ACCOUNTS };
        }),
      );
      for (const { group, kind, account } of shuffled(turns, 20_260_101 + from)) {
        const { status, ms } = await stopwatch.post('/auth/login', refusals.get(kind)(account));
        if (status !== 401) throw new Error(`${kind} was answered with ${status}`);
        times.get(group)!.push(ms);
      }
    };
    const sharesOfLonger = (): [string, number][] =>
      groups.map((group) => [group, shareOfLonger(times.get(group)!, times.get(MEASURE)!)]);

    const warmUp = Array.from({ length: 60 }, () => ({ username: 'warm@example.com', password: WRONG }));
    for (const credentials of warmUp) await stopwatch.post('/auth/login', credentials);
    let shares: [string, number][] = [];
    let different: [string, number][] = [];
    for (const { attempts, apart } of LOOKS) {
      await measure(times.get(MEASURE)!.length, attempts);
      shares = sharesOfLonger();
      different = shares.filter(([, share]) => Math.abs(share - 0.5) > apart);
      if (different.length === 0) break;
    }
    stopwatch.close();

    const lines = shares.map(
      ([group, share]) =>
        group.padEnd(26) + share.toFixed(3).padStart(8) + median(times.get(group)!).toFixed(2).padStart(12),
    );
    // eslint-disable-next-line no-console -- the figures are what one runs this for
    console.log([`${'refused'.padEnd(26)}     AUC  median (ms)`, ...lines].join('\n'));
    expect(different).toEqual([]);
  }, 300_000);
});
