import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { JWK } from 'jose';
import { DataSource } from 'typeorm';
import { SigningKeys } from '../../src/modules/tokens/application/signing-keys/signing-keys.port';
import { base62 } from '../../src/modules/tokens/infrastructure/api-keys/base62';
import { MasterKey } from '../../src/platform/crypto/master-key';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../support/a-device';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { DATABASES } from '../support/database';
import { dumpOf, spellings, spellingsOfText, tableOf } from '../support/dump';
import { aService, type TestService } from '../support/service';

const EMAIL = 'ann.dumped@example.com';
const NEW_PASSWORD = 'a wholly new phrase to remember';
const MISTYPED = 'correct horse battery stapler';
const REFRESH_PREFIX = 'dwrt_';
const KEY_PREFIX = 'dw_live_';
/** Beyond what the list of keys shows of one. */
const SHOWN = KEY_PREFIX.length + 4;
const CHECKSUM = 6;
const BODY_BYTES = 21;

/** A secret, by a name that may be printed, and all it may be written as. */
type Secret = readonly [name: string, spellings: readonly string[]];

type SessionRow = { readonly id: string; readonly generation: number; readonly secret: Buffer };

describe.each(DATABASES)('a dump of the database (%s)', (database) => {
  const masterKey = randomBytes(32);
  const issued = { access: [] as string[], refresh: [] as string[], keys: [] as string[] };
  let service: TestService;
  let source: DataSource;
  let mine: Tokens;
  let key: string;
  let dump: string;

  beforeAll(async () => {
    service = await aService({
      database,
      variables: { MASTER_KEY: masterKey.toString('base64'), RATE_LIMITS: 'off' },
    });
    source = service.app.get(DataSource);
    await live();
    dump = await dumpOf(service.database, source);
  });
  afterAll(() => service.stop());

  const take = ({ body }: Answer): Answer['body'] => {
    issued.access.push(body.access_token);
    if (typeof body.refresh_token === 'string') issued.refresh.push(body.refresh_token);
    return body;
  };
  const login = async (password: string, userAgent: string): Promise<Answer['body']> =>
    take(
      await service.client.post('/auth/login', {
        json: { username: EMAIL, password },
        headers: { 'user-agent': userAgent },
      }),
    );

  /** All that a user may do in this version, and what may be done to one. */
  async function live(): Promise<void> {
    const { client } = service;
    await client.register(EMAIL, { tenant_name: 'Acme' });
    await client.login(EMAIL, MISTYPED);
    // It happens that a password is typed into the field for the name.
    await client.login(PASSWORD, PASSWORD);
    const stolen = await login(PASSWORD, FIREFOX_ON_WINDOWS);
    const next = take(await client.refresh(stolen.refresh_token));
    take(await client.refresh(next.refresh_token));
    const headers = { 'user-agent': SAFARI_ON_IPHONE };
    await client.post('/auth/refresh', { json: { refresh_token: stolen.refresh_token }, headers });

    const here = await login(PASSWORD, FIREFOX_ON_WINDOWS);
    await client.post('/auth/step-up', { json: { password: MISTYPED }, token: here.access_token });
    const stepped = take(
      await client.post('/auth/step-up', { json: { password: PASSWORD }, token: here.access_token }),
    );
    for (const name of ['pipeline', 'old']) {
      const json = { name, permissions: ['*:*'] };
      const { body } = await client.post('/api-keys', { json, token: stepped.access_token });
      issued.keys.push(String(body.key));
      if (name === 'old') await client.call('DELETE', `/api-keys/${String(body.id)}`, { token: stepped.access_token });
    }
    key = issued.keys[0] ?? '';
    await client.get('/users/me', { headers: { 'x-api-key': key } });
    await client.post('/auth/introspect', { form: { token: here.refresh_token }, headers: { 'x-api-key': key } });
    const change = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    await client.post('/auth/password/change', { json: change, token: stepped.access_token });
    const revoked = await login(NEW_PASSWORD, FIREFOX_ON_WINDOWS);
    await client.post('/auth/revoke', { form: { token: revoked.refresh_token } });
    const last = take(await client.refresh(here.refresh_token));
    mine = { access: last.access_token, refresh: last.refresh_token, session: last.session_id };
  }

  const sessions = (): Promise<SessionRow[]> =>
    source.query<SessionRow[]>('SELECT id, generation, secret FROM sessions');

  function tokensIssued(): Secret[] {
    return [
      ...issued.access.flatMap((token, at): Secret[] => [
        [`access token ${at}`, spellingsOfText(token)],
        ...token
          .split('.')
          .slice(1)
          .map((part): Secret => [`part of access token ${at}`, [part, ...spellings(Buffer.from(part, 'base64url'))]]),
      ]),
      ...issued.refresh.flatMap((token, at): Secret[] => {
        const body = Buffer.from(token.slice(REFRESH_PREFIX.length), 'base64url');
        return [
          [`refresh token ${at}`, spellingsOfText(token)],
          [`refresh token ${at} without prefix`, [...spellingsOfText(token.slice(REFRESH_PREFIX.length))]],
          [`bytes of refresh token ${at}`, spellings(body)],
          [`proof of refresh token ${at}`, spellings(body.subarray(BODY_BYTES))],
        ];
      }),
      ...issued.keys.flatMap((text, at): Secret[] => [
        [`API key ${at}`, spellingsOfText(text)],
        [`random part of API key ${at}`, spellingsOfText(text.slice(KEY_PREFIX.length, -CHECKSUM))],
        [`hidden part of API key ${at}`, spellingsOfText(text.slice(SHOWN, -CHECKSUM))],
      ]),
    ];
  }

  async function keysHeld(): Promise<Secret[]> {
    const { key: signing } = await service.app.get(SigningKeys).current();
    const der = signing.export({ format: 'der', type: 'pkcs8' }) as Buffer;
    const { d = '' } = signing.export({ format: 'jwk' }) as JWK;
    const master = service.app.get(MasterKey);
    const ofSessions = (await sessions()).map(({ id, secret }): Secret => [
      `the key of the refresh tokens of ${id}`,
      spellings(master.derive('refresh-token', secret)),
    ]);
    return [
      ['the master key', spellings(masterKey)],
      ['the key of all boxes', spellings(master.derive('secret-box'))],
      ['the key of all API keys', spellings(master.derive('api-key'))],
      ['the signing key', spellings(der)],
      ['d of the signing key', [d, ...spellings(Buffer.from(d, 'base64url'))]],
      ['PEM', ['PRIVATE KEY']],
      ...ofSessions,
    ];
  }

  const found = (secrets: readonly Secret[], text: string): string[] =>
    secrets.filter(([, forms]) => forms.some((form) => text.includes(form))).map(([name]) => name);

  it('is of a whole life: what may be in it is found by the same search', async () => {
    expect(issued.access).toHaveLength(7);
    expect(issued.refresh).toHaveLength(6);
    for (const secret of [...tokensIssued(), ...(await keysHeld())]) {
      expect(secret[1].every((form) => form.length >= 11)).toBe(true);
    }
    const known: Secret[] = [
      ['address', spellingsOfText(EMAIL)],
      ...(await sessions()).map(({ id, secret }): Secret => [`half a key of session ${id}`, spellings(secret)]),
      ['beginning of the API key', [key.slice(0, SHOWN)]],
      ['reuse', ['auth.token_reuse_detected']],
      ['step-up', ['auth.step_up']],
      ['password', ['password.changed']],
    ];
    expect(found(known, dump)).toEqual(known.map(([name]) => name));
    expect(await source.query('SELECT template, sent_at FROM outbox ORDER BY created_at')).toEqual([
      { template: 'session-ended', sent_at: null },
      { template: 'password-changed', sent_at: null },
    ]);
  });

  it('holds no token and no API key, in whole or in part, in any spelling', () => {
    expect(found(tokensIssued(), dump)).toEqual([]);
  });

  it('holds no password, right or wrong', () => {
    const passwords = [PASSWORD, NEW_PASSWORD, MISTYPED].map((text): Secret => [text, spellingsOfText(text)]);
    expect(found(passwords, dump)).toEqual([]);
  });

  it('holds no key: not the master key, none derived from it, no private one', async () => {
    expect(found(await keysHeld(), dump)).toEqual([]);
  });

  it('does not tell what a mail says, nor to whom it goes', async () => {
    const outbox = await tableOf(source, 'outbox');
    const contents = [
      EMAIL,
      'ann.dumped',
      'example.com',
      'Safari on iOS',
      'Safari',
      '127.0.0.1',
      '"facts"',
      '"device"',
    ];
    const secrets = contents.map((text): Secret => [text, spellingsOfText(text)]);
    expect(found(secrets, outbox)).toEqual([]);
  });

  /** Everything in the rows of sessions and keys, as text and, where it is bytes, in every spelling. */
  async function values(): Promise<{ readonly texts: string[]; readonly bytes: Buffer[] }> {
    const rows = [
      ...(await source.query<Record<string, unknown>[]>('SELECT * FROM sessions')),
      ...(await source.query<Record<string, unknown>[]>('SELECT * FROM api_keys')),
      ...(await source.query<Record<string, unknown>[]>('SELECT private_key_sealed, kid FROM signing_keys')),
      ...(await source.query<Record<string, unknown>[]>('SELECT security_stamp, password_hash FROM users')),
    ];
    const all = rows.flatMap((row) => Object.values(row));
    const bytes = all.filter((value) => value instanceof Uint8Array).map((value) => Buffer.from(value));
    const texts = all.flatMap((value) => (typeof value === 'string' ? [value] : []));
    return { bytes, texts: [...new Set([...texts, ...bytes.flatMap(spellings)])] };
  }

  /** Of the right length and with a right checksum: nothing but the look-up can refuse it. */
  function wellFormedKey(bytes: Buffer): string {
    const body = KEY_PREFIX + base62(BigInt(`0x${bytes.subarray(0, 32).toString('hex')}`), 43);
    return body + base62(BigInt(crc32(body)), CHECKSUM);
  }

  /** Nothing but the proof can refuse it. */
  function wellFormedRefreshToken({ id, generation }: SessionRow, proofOf: (body: Buffer) => Buffer): string {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(generation);
    const body = Buffer.concat([Buffer.from([1]), Buffer.from(id.replaceAll('-', ''), 'hex'), counter]);
    return REFRESH_PREFIX + Buffer.concat([body, proofOf(body)]).toString('base64url');
  }

  it('opens nothing, in whatever shape what is in it is presented', async () => {
    const { texts, bytes } = await values();
    const rows = await sessions();
    const proofs = bytes.filter(({ length }) => length === 32);
    expect(proofs.length).toBeGreaterThan(rows.length);
    const credentials = [
      ...texts.flatMap((text) => [text, REFRESH_PREFIX + text, KEY_PREFIX + text]),
      ...proofs.map(wellFormedKey),
      ...rows.flatMap((row) => [
        ...proofs.map((proof) => wellFormedRefreshToken(row, () => proof)),
        ...proofs.map((secret) =>
          wellFormedRefreshToken(row, (body) => createHmac('sha256', secret).update(body).digest()),
        ),
      ]),
    ].filter((text) => /^[\x21-\x7e]+$/.test(text));
    expect(credentials.length).toBeGreaterThan(100);
    const opened: string[] = [];
    for (const credential of new Set(credentials)) {
      const answers = [
        await service.client.get('/auth/me', { token: credential }),
        await service.client.get('/auth/me', { headers: { 'x-api-key': credential } }),
        await service.client.refresh(credential),
      ];
      if (answers.some(({ status }) => status !== 401 && status !== 422)) opened.push(credential);
    }
    expect(opened).toEqual([]);
  });

  it('opened nothing because it is a dump: the credentials themselves still do', async () => {
    expect((await service.client.get('/auth/me', { token: mine.access })).status).toBe(200);
    expect((await service.client.get('/auth/me', { headers: { 'x-api-key': key } })).status).toBe(200);
    expect((await service.client.refresh(mine.refresh)).status).toBe(200);
  });
});
