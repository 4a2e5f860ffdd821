import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { DeliverTexts } from '../../src/platform/sms/deliver-texts';
import type { Answer } from '../support/client';
import { readEml } from '../support/eml';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const CODE = /(?<!\d)\d{6}(?!\d)/g;

describe('a telephone or a mailbox becomes a second factor', () => {
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService();
  });
  afterAll(() => service.stop());

  const post = (path: string, json: unknown, token?: string): Promise<Answer> =>
    service.client.post(path, { json, ...(token !== undefined && { token }) });
  const aUser = async (): Promise<{ readonly email: string; readonly token: string }> => {
    const email = `user${(users += 1)}@example.com`;
    return { email, token: (await service.client.signedUp(email)).access };
  };
  /** What was left in a folder of DATA_DIR, oldest first. */
  const files = (folder: string): string[] => {
    const path = join(service.database.variables.DATA_DIR!, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .sort()
      .map((name) => readFileSync(join(path, name), 'utf8'));
  };
  const textsTo = async (number: string): Promise<string[]> => {
    await service.app.get(DeliverTexts).execute();
    return files('sms').filter((text) => text.startsWith(`To: ${number}\n`));
  };
  const lettersTo = async (address: string) => {
    await service.app.get(DeliverMails).execute();
    return files('mail')
      .map(readEml)
      .filter(({ headers }) => headers.get('to') === address);
  };
  const labelsOf = async (email: string): Promise<unknown[]> =>
    service.source.query<unknown[]>(
      `SELECT f.type, f.label FROM factors f JOIN users u ON u.id = f.user_id
       WHERE u.email = $1 AND f.confirmed_at IS NOT NULL`,
      [email],
    );

  it('by text message', async () => {
    const { email, token } = await aUser();
    const begun = await post('/mfa/sms/setup', { phone_number: '+49 (170) 12345-67' }, token);
    expect([begun.status, begun.body]).toEqual([200, { sent: true, expires_in: 300 }]);
    expect(await labelsOf(email)).toEqual([]);
    const [text = '', ...more] = await textsTo('+491701234567');
    expect(more).toEqual([]);
    const words = text.split('\n\n')[1] ?? '';
    const [code = ''] = words.match(CODE) ?? [];
    expect(words).toMatch(/^\d{6} is your Doorward code\. It is good for 5 minutes\./);

    const wrong = code === '000000' ? '000001' : '000000';
    expectProblem(await post('/mfa/sms/verify', { sms_code: wrong }, token), 401, 'MFA_CODE_INVALID');
    const verified = await post('/mfa/sms/verify', { sms_code: code }, token);
    expect([verified.status, verified.body]).toEqual([200, { enabled: true }]);
    expect(await labelsOf(email)).toEqual([{ type: 'sms', label: '+49 ••• 67' }]);
    const [told] = (await lettersTo(email)).filter(
      ({ headers }) => headers.get('subject') === 'A second factor was set up',
    );
    expect(told?.text).toMatch(/\r\nNumber: \+49 ••• 67\r\nIP address: 127\.0\.0\.1\r\n/);
    expect(`${told?.text} ${told?.html}`).not.toMatch(/1234567|12345/);
  });

  it('by mail', async () => {
    const { email, token } = await aUser();
    // Without a body, and with an empty one.
    const begun = await service.client.post('/mfa/email/setup', { token });
    expect([begun.status, begun.body]).toEqual([200, { sent: true, expires_in: 300 }]);
    const again = await post('/mfa/email/setup', {}, token);
    expect([again.status, again.text]).toEqual([200, begun.text]);
    const letters = (await lettersTo(email)).filter(({ headers }) => headers.get('subject') === 'Your code');
    const codes = letters.map(({ text }) => text.match(CODE) ?? []);
    expect(codes.map(({ length }) => length)).toEqual([1, 1]);
    expect(letters[0]?.text).toContain('wants to make this mailbox a second factor');

    const answers = [];
    // The newer one is the only good one, whichever that is: both were written in one moment.
    for (const [code = ''] of codes) answers.push(await post('/mfa/email/verify', { email_code: code }, token));
    expect(answers.filter(({ status }) => status === 200).map(({ body }) => body)).toEqual([{ enabled: true }]);
    expect(await labelsOf(email)).toEqual([{ type: 'email', label: 'u•••@example.com' }]);
    // Whoever reads the codes of a mailbox has it.
    expect((await service.client.get('/auth/me', { token })).body.email_verified).toBe(true);
  });

  it('and refuses what is neither a number nor asked for', async () => {
    const { token } = await aUser();
    const setUp = (phone_number: unknown): Promise<Answer> => post('/mfa/sms/setup', { phone_number }, token);
    for (const number of ['0170 1234567', 'ann@example.com', '+49']) {
      const refused = await setUp(number);
      expectProblem(refused, 422, 'VALIDATION_FAILED');
      expect(refused.body.errors).toMatchObject([{ field: 'phone_number', code: 'FIELD_INVALID' }]);
    }
    expectProblem(await setUp(491701234567), 422, 'VALIDATION_FAILED');
    expectProblem(await post('/mfa/email/setup', { email: 'b@example.com' }, token), 422, 'VALIDATION_FAILED');
    expectProblem(await post('/mfa/email/verify', { email_code: '123456' }, token), 409, 'CONFLICT');
    expectProblem(await post('/mfa/sms/verify', { sms_code: '123456' }, token), 409, 'CONFLICT');
    expectProblem(await post('/mfa/sms/verify', { sms_code: 123456 }, token), 422, 'VALIDATION_FAILED');
  });

  it('for nobody but its own user, who has just signed in', async () => {
    const { token } = await aUser();
    const routes: readonly [string, unknown][] = [
      ['/mfa/sms/setup', { phone_number: '+491701234567' }],
      ['/mfa/sms/verify', { sms_code: '123456' }],
      ['/mfa/email/setup', {}],
      ['/mfa/email/verify', { email_code: '123456' }],
    ];
    for (const [path, json] of routes) expectProblem(await post(path, json), 401, 'TOKEN_MISSING');
    service.clock.advance({ seconds: 601 });
    for (const [path, json] of routes) expectProblem(await post(path, json, token), 403, 'STEP_UP_REQUIRED');
  });
});
