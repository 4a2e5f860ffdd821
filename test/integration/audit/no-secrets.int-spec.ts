import { DataSource } from 'typeorm';
import { PASSWORD } from '../../support/client';
import { DATABASES } from '../../support/database';
import { aService, type TestService } from '../../support/service';

const NEXT = 'a wholly new phrase to remember';
const FORMS = ['utf8', 'hex', 'base64', 'base64url'] as const;

/** Everything the database holds, as text: bytes come out in hex. */
async function dumpOf(source: DataSource): Promise<string> {
  const tables = await source.query<{ name: string }[]>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(tables.map(({ name }) => source.query<unknown[]>(`SELECT t::text FROM ${name} t`)));
  return JSON.stringify(rows).toLowerCase();
}

/** A secret as it was sent, as the bytes it stands for, and each of these as somebody might have stored it. */
function formsOf(secret: string): string[] {
  const texts = [secret, ...secret.split('.')];
  const decoded = texts.map((text) => Buffer.from(text.replace(/^dwrt_/, ''), 'base64url'));
  const bytes = [...texts.map((text) => Buffer.from(text)), ...decoded];
  return bytes.flatMap((each) => FORMS.map((form) => each.toString(form).replace(/=+$/, '').toLowerCase()));
}

describe.each(DATABASES)('after a whole journey, the database (%s)', (database) => {
  let service: TestService;
  const secrets: string[] = [];

  beforeAll(async () => {
    service = await aService({ database });
    const { client } = service;
    const first = await client.signedUp('ann@example.com', { username: 'ann' });
    await client.login('ann', `${PASSWORD} mistyped`);
    await client.login(`${PASSWORD} in the wrong field`);
    const { body: second } = await client.refresh(first.refresh);
    const change = { current_password: PASSWORD, new_password: NEXT };
    await client.post('/auth/password/change', { json: change, token: second.access_token });
    const third = await client.signedIn('ann', NEXT);
    await client.refresh(first.refresh);
    await client.refresh(`${third.refresh.slice(0, -1)}A`);
    await client.post('/auth/logout', { token: third.access });
    secrets.push(PASSWORD, NEXT, first.access, first.refresh, second.access_token, second.refresh_token);
    secrets.push(third.access, third.refresh);
  });
  afterAll(() => service.stop());

  it('holds no password and no token, in no form', async () => {
    const dump = await dumpOf(service.app.get(DataSource));
    const short = (form: string): boolean => form.length < 12;
    const header = Buffer.from(secrets[2]!.split('.')[0]!).toString().toLowerCase();
    for (const secret of secrets) {
      const held = formsOf(secret).filter((form) => !short(form) && form !== header && dump.includes(form));
      expect(held).toEqual([]);
    }
  });

  it('holds what the journey did, so that the search above means something', async () => {
    const dump = await dumpOf(service.app.get(DataSource));
    for (const trace of ['ann@example.com', '$argon2id$', 'auth.logout', 'password.changed', 'auth.token_refreshed']) {
      expect(dump).toContain(trace);
    }
  });
});
