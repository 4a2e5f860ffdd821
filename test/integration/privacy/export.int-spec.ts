import type { Principal } from '../../../src/kernel/principal';
import { ExportPersonalData } from '../../../src/modules/identity/application/export-personal-data';
import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { UnlockMember } from '../../../src/modules/tenancy/application/members/unlock-member';
import { RequestContext } from '../../../src/platform/http/request-context';
import type { PersonalRecords } from '../../../src/platform/privacy/personal-data';
import { aSignUp } from '../../support/a-sign-in';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { spellings } from '../../support/dump';
import { Inviting } from '../../support/inviting';
import { PlainHasher } from '../../support/plain-hasher';
import { ANN, aPrivateLife, BOB } from '../../support/private-life';
import { recorded } from '../../support/recorded';

/** What of each table that holds something of people is found in an export. */
const EXPORTED: Readonly<Record<string, string>> = {
  users: 'account',
  lockouts: 'wrong_passwords',
  mailed_secrets: 'mailed_links',
  outbox: 'mails',
  memberships: 'memberships',
  membership_roles: 'memberships',
  invitations: 'invitations',
  sessions: 'sessions',
  api_keys: 'api_keys',
  familiar_places: 'familiar_places',
  trusted_devices: 'trusted_devices',
  factors: 'second_factors',
  factor_guesses: 'wrong_codes',
  backup_codes: 'backup_codes',
  factor_codes: 'sent_codes',
  challenges: 'pending_sign_ins',
  linked_identities: 'linked_identities',
  oauth_transactions: 'pending_links',
  tenant_active_users: 'active_days',
  audit_events: 'audit_events',
};
/** And why of these nothing is. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  password_history: 'hashes, and when they were replaced, which is on record as password.changed',
  audit_person_keys: 'what a key is made of, which is a secret',
};

/** Columns that say whose a row is, by any name that such a column has or is likely to get. */
const OF_SOMEBODY = /^(.*_)?(user|owner|account|member|recipient|email|address|phone)(_id|_key|_number)?$|_by$/;
const SECRET = /hash|secret|stamp|sealed/;

type Column = { readonly table: string; readonly name: string; readonly type: string };

describe.each(DATABASES)('the export of what is held about a user (%s)', (database) => {
  let context: TestContext;
  let ann: Principal;
  let bob: Principal;
  let records: PersonalRecords;
  let columns: readonly Column[];

  const exported = async (by: Principal): Promise<PersonalRecords> =>
    (await context.app.get(ExportPersonalData).execute(by)).records;

  beforeAll(async () => {
    context = await aContext({ database, hasher: new PlainHasher() });
    ({ ann, bob } = await aPrivateLife(context));
    records = await exported(ann);
    columns = await context.source.query<Column[]>(
      `SELECT t.table_name AS table, c.column_name AS name, c.data_type AS type
       FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
       WHERE t.table_type = 'BASE TABLE' AND t.table_schema = 'public'
         AND t.table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)`,
    );
  });
  afterAll(() => context.stop());

  it('has something of every table that holds something of people, but for those that are left out for a reason', () => {
    const personal = columns.filter(({ name }) => OF_SOMEBODY.test(name)).map(({ table }) => table);
    expect([...new Set(personal)].sort()).toEqual([...Object.keys(EXPORTED), ...Object.keys(LEFT_OUT)].sort());
    const empty = Object.values(EXPORTED).filter((section) => (records[section] ?? []).length === 0);
    expect(empty).toEqual([]);
    // Both ways out of one table: what went to the mailbox, and what to the telephone.
    expect(records.text_messages).not.toEqual([]);
  });

  it('leaves out no table in which the id or the address of the user is found', async () => {
    const known = new Set([...Object.keys(EXPORTED), ...Object.keys(LEFT_OUT)]);
    const others = [...new Set(columns.map(({ table }) => table))].filter((table) => !known.has(table));
    for (const table of others) {
      const sql = `SELECT count(*)::int AS hits FROM "${table}" t WHERE t::text ILIKE ANY ($1)`;
      const patterns = [ann.userId, ANN.email, ANN.wantedEmail, ANN.lastName].map((text) => `%${text}%`);
      expect([table, await context.source.query(sql, [patterns])]).toEqual([table, [{ hits: 0 }]]);
    }
  });

  it('says what there is in words that its owner understands', () => {
    const { email, username, firstName: first_name, lastName: last_name, userAgent: user_agent } = ANN;
    expect(records.account).toMatchObject([{ id: ann.userId, email, username, first_name, last_name }]);
    expect(records.sessions).toContainEqual(expect.objectContaining({ user_agent, ip_address: ANN.ipAddress }));
    expect(records.memberships).toMatchObject([{ roles: ['owner'] }, { roles: ['analyst'] }]);
    expect(records.mailed_links).toContainEqual(
      expect.objectContaining({ purpose: 'email_change', address: ANN.wantedEmail }),
    );
    expect(records.mails).toContainEqual(expect.objectContaining({ kind: 'password-reset', sent_at: null }));
    const accepted = records.invitations?.map(({ role, accepted_at: at }) => [role, at instanceof Date]);
    expect(accepted?.sort()).toEqual([
      ['analyst', false],
      ['analyst', true],
    ]);
    expect(records.invitations_sent).toMatchObject([{ tenant_id: ann.tenantId, role: 'analyst' }]);
    expect(records.api_keys).toMatchObject([{ name: 'pipeline' }]);
    const sent = { created_at: expect.any(Date) as Date, sent_at: null, given_up_at: null };
    expect(records.text_messages).toEqual([
      { kind: 'code', ...sent },
      { kind: 'code', ...sent },
    ]);
    expect(records.sent_codes).toEqual([
      {
        method: 'sms',
        used_for: 'challenge',
        created_at: expect.any(Date) as Date,
        expires_at: expect.any(Date) as Date,
      },
    ]);
    expect(records.second_factors).toContainEqual(
      expect.objectContaining({ type: 'sms', phone_number: ANN.phoneNumber }),
    );
    expect(records.trusted_devices).toMatchObject([{ name: 'Firefox', ip_address: ANN.ipAddress, last_used_at: null }]);
  });

  it('has no secret and no hash in it, of whoever', async () => {
    const text = JSON.stringify(records);
    const secret = columns.filter(({ name, type }) => type === 'bytea' || SECRET.test(name));
    expect(secret.length).toBeGreaterThan(10);
    for (const { table, name } of secret) {
      const rows = await context.source.query<{ value: Buffer | string }[]>(
        `SELECT "${name}" AS value FROM "${table}" WHERE "${name}" IS NOT NULL`,
      );
      const found = rows.filter(({ value }) =>
        (typeof value === 'string' ? [value] : spellings(value)).some((spelled) => text.includes(spelled)),
      );
      expect([table, name, found]).toEqual([table, name, []]);
    }
    const fields = Object.values(records).flatMap((rows) => rows.flatMap((row) => Object.keys(row)));
    expect(fields.filter((field) => SECRET.test(field))).toEqual([]);
    expect(text).not.toMatch(/"type":"Buffer"|\$argon2|\$2[aby]\$|plain:/);
  });

  it('has nothing of others in it', async () => {
    const text = JSON.stringify(records).toLowerCase();
    for (const words of Object.values(BOB)) expect(text).not.toContain(words.toLowerCase());
    const others = await context.source.query<{ email: string }[]>('SELECT email FROM users WHERE id <> $1', [
      ann.userId,
    ]);
    for (const { email } of others) expect(text).not.toContain(email);
  });

  it('does not tell where administrators were who did something to the account', async () => {
    const [administrator, ipAddress, userAgent] = ['user' as const, '192.0.2.211', 'Administrator/1.0'];
    const origin = {
      ...{ requestId: null, ipAddress, userAgent, acceptLanguage: null },
      ...{ actor: administrator, actorId: bob.userId, apiKeyId: null },
    };
    const unlock = (): Promise<void> => context.app.get(UnlockMember).execute(bob, ann.userId);
    await context.app.get(RequestContext).run(origin, unlock);
    const events = (await exported(ann)).audit_events;
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'user.unlocked', ip_address: null, user_agent: null }),
    );
    expect(events).toContainEqual(expect.objectContaining({ action: 'auth.login', ip_address: ANN.ipAddress }));
  });

  it('does not tell whoever made an account with an address what was sent there, before the address is proven', async () => {
    const inviting = new Inviting(context);
    const email = 'the.real.owner@example.com';
    await inviting.invited(await inviting.anInviter('owner'), email);
    const { user } = await context.app.get(SignUp).execute(aSignUp({ email }));
    const found = await exported({ ...ann, userId: user.id });
    expect([found.account?.length, found.invitations, found.mails]).toEqual([1, [], []]);
  });

  it('is on record, as what its owner did', async () => {
    await exported(ann);
    const [event] = (await recorded(context.source, 'user.exported')).slice(-1);
    expect(event).toMatchObject({ outcome: 'success', user_id: ann.userId, tenant_id: ann.tenantId });
  });
});
