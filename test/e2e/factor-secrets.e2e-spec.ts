import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { DATABASES, aDatabase, type TestDatabase } from '../support/database';
import type { Client, Tokens } from '../support/client';
import { spellings, spellingsOfText, dumpOf } from '../support/dump';
import { readEml } from '../support/eml';
import { cleanUp, type Server, startServer, until } from '../support/process';
import { MortalRedis } from '../support/redis-server';
import { challenged, enrolled, shown } from '../support/two-steps';

const NUMBER = '+4915112345678';
const CODE = /(?<!\d)\d{6}(?!\d)/;

afterAll(cleanUp);

if (DATABASES.includes('postgres')) {
  describe('the secrets of second factors, after all of them were set up and used', () => {
    let redis: MortalRedis;
    let database: TestDatabase;
    let server: Server;
    let client: Client;
    /** Spellings that must be nowhere, by what they are of. */
    const secrets = new Map<string, readonly string[]>();
    /** Six digits, which must not stand alone anywhere. */
    const codes = new Map<string, string>();

    beforeAll(async () => {
      redis = await MortalRedis.start();
      database = await aDatabase('postgres');
      const variables = { REDIS_URL: redis.url, RATE_LIMITS: 'on', RATE_LIMIT_LOGIN: '1000/60', LOG_LEVEL: 'trace' };
      const limits = { RATE_LIMIT_MFA: '1000/60', RATE_LIMIT_FACTORS: '1000/60' };
      server = await startServer({ database, variables: { ...variables, ...limits } });
      ({ client } = server);
      await journey();
    });
    afterAll(() => redis.stop());

    /** The newest file of a folder of DATA_DIR that holds a code nobody has read before. */
    async function codeFrom(folder: 'mail' | 'sms'): Promise<string> {
      const path = join(database.variables.DATA_DIR ?? '', folder);
      let found: string | undefined;
      await until(`a code in ${folder}`, () => {
        const files = existsSync(path) ? readdirSync(path).filter((file) => /\.(eml|txt)$/.test(file)) : [];
        const texts = files.map((file) => readFileSync(join(path, file), 'utf8'));
        const read = folder === 'mail' ? texts.map((text) => readEml(text).text) : texts;
        const inFile = read.flatMap((text) => CODE.exec(text)?.[0] ?? []);
        found = inFile.find((code) => ![...codes.values()].includes(code));
        return found !== undefined;
      });
      return found ?? '';
    }

    async function setUpSent(tokens: Tokens): Promise<void> {
      const { access: token } = tokens;
      await client.post('/mfa/sms/setup', { token, json: { phone_number: NUMBER } });
      codes.set('the code that enrolled the number', await codeFrom('sms'));
      const sms = { sms_code: codes.get('the code that enrolled the number') };
      expect((await client.post('/mfa/sms/verify', { token, json: sms })).status).toBe(200);
      await client.post('/mfa/email/setup', { token, json: {} });
      codes.set('the code that enrolled the mailbox', await codeFrom('mail'));
      const mail = { email_code: codes.get('the code that enrolled the mailbox') };
      expect((await client.post('/mfa/email/verify', { token, json: mail })).status).toBe(200);
    }

    async function signInBySent(method: 'sms' | 'email', folder: 'sms' | 'mail'): Promise<void> {
      const challenge = await challenged(client, 'ann@example.com');
      secrets.set(`the challenge answered by ${method}`, spellingsOfText(challenge));
      await client.post('/auth/mfa/challenge/send', { json: { challenge_id: challenge, method } });
      codes.set(`the code by ${method}`, await codeFrom(folder));
      const answer = await shown(client, challenge, method, codes.get(`the code by ${method}`) ?? '');
      expect(answer.status).toBe(200);
    }

    async function journey(): Promise<void> {
      const tokens = await client.signedUp('ann@example.com', { username: 'ann' });
      const { app, backupCodes } = await enrolled(client, tokens);
      secrets.set('the secret of the authenticator', [app.secret, ...spellings(app.key)]);
      for (const code of backupCodes) {
        const hidden = code.slice(code.indexOf('-') + 1);
        secrets.set(`the backup code ${code}`, [code, hidden, hidden.replaceAll('-', ''), code.replaceAll('-', '')]);
      }
      secrets.set('the number', [NUMBER, NUMBER.slice(1), NUMBER.slice(3)]);
      await setUpSent(tokens);
      await signInBySent('sms', 'sms');
      await signInBySent('email', 'mail');
      const challenge = await challenged(client, 'ann@example.com');
      secrets.set('an answered challenge', spellingsOfText(challenge));
      await shown(client, challenge, 'totp', app.wrongAt(new Date()));
      await shown(client, challenge, 'backup_codes', `${backupCodes[1]?.slice(0, -1)}0`);
      const used = await shown(client, challenge, 'backup_codes', backupCodes[0] ?? '', { remember_device: true });
      expect(used.status).toBe(200);
      secrets.set('the token of the device', spellingsOfText(String(used.body.device_token)));
      const pending = await challenged(client, 'ann@example.com');
      secrets.set('a challenge that is waited for', spellingsOfText(pending));
      expect(codes.size).toBe(4);
    }

    const found = (text: string): string[] => [
      ...[...secrets].flatMap(([what, forms]) => (forms.some((form) => text.includes(form)) ? [what] : [])),
      ...[...codes].flatMap(([what, code]) => (new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text) ? [what] : [])),
    ];

    it('are not in a dump of the database', async () => {
      const source = new DataSource({ type: 'postgres', url: database.variables.DATABASE_URL ?? '' });
      await source.initialize();
      const dump = await dumpOf(database, source).finally(() => source.destroy());
      for (const trace of [
        'ann@example.com',
        'mfa.enrolled',
        'mfa.backup_code_used',
        'mfa.device_trusted',
        '$argon2id$',
      ]) {
        expect(dump).toContain(trace);
      }
      expect(found(dump)).toEqual([]);
    });

    it('are not in Redis', async () => {
      const keys = await redis.keys();
      expect(keys.length).toBeGreaterThan(3);
      const values = await Promise.all(
        keys.map(async (key) => redis.command((await redis.command('TYPE', key)) === 'hash' ? 'HGETALL' : 'GET', key)),
      );
      expect(found(JSON.stringify([keys, values]))).toEqual([]);
    });

    it('are not in the log, however much it tells', () => {
      const log = server.stdout();
      expect(log).toContain('/api/v1/auth/mfa/challenge/verify');
      expect(found(log)).toEqual([]);
    });
  });
}
