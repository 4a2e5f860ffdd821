import { randomBytes, generateKeyPairSync } from 'node:crypto';
import { Environment } from './environment';
import { InvalidSettings, readSettings } from './read-settings';

type Variables = Readonly<Record<string, string | undefined>>;

const aKey = (): string => randomBytes(32).toString('base64');

/** All that production needs; override what the test is about. */
const inProduction = (variables: Variables = {}): Variables => ({
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://auth.example.com',
  DATABASE_URL: 'postgres://db.example.com/doorward',
  MASTER_KEY: aKey(),
  ...variables,
});

function refusalOf(variables: Variables): InvalidSettings {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
  throw new Error('The settings were accepted');
}

/** The names of the variables a refusal complains about. */
const namesIn = ({ problems }: InvalidSettings): string[] => [
  ...new Set(problems.map((problem) => problem.split(' ')[0] ?? '')),
];

function aPrivateKey(
  type: 'ec' | 'rsa' | 'ed25519',
  options: { namedCurve?: string; modulusLength?: number } = {},
): string {
  const { privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

describe('settings nobody made', () => {
  it('serve a developer on this machine', () => {
    expect(readSettings({}).process).toEqual({
      mode: 'development',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      logLevel: 'info',
      trustedProxies: [],
      corsOrigins: [],
      docs: true,
      authEnabled: true,
    });
  });

  it('keep everything in the embedded database', () => {
    expect(readSettings({}).store).toEqual({
      databaseUrl: undefined,
      poolSize: 10,
      dataDir: './data',
      redisUrl: undefined,
      masterKey: undefined,
    });
  });

  it('issue tokens as the contract says', () => {
    expect(readSettings({}).tokens).toEqual({
      algorithm: 'ES256',
      privateKey: undefined,
      sharedSecret: undefined,
      issuer: 'http://localhost:3000',
      audience: 'doorward',
      accessSeconds: 900,
      lifetimes: {
        aal1: { idleSeconds: 604_800, absoluteSeconds: 2_592_000 },
        aal2: { idleSeconds: 3600, absoluteSeconds: 86_400 },
      },
      refreshGraceSeconds: 10,
      keyRotationSeconds: 7_776_000,
      apiKeyPrefix: 'dw_live_',
    });
  });

  it('ask for passwords of 8 of all kinds or 15 of anything, hashed with argon2id', () => {
    expect(readSettings({}).signIn).toEqual({
      breachedPasswordsUrl: undefined,
      emailVerification: 'optional',
      emailVerifySeconds: 86_400,
      invitationSeconds: 604_800,
      passwordResetSeconds: 3600,
      passwordAlgorithm: 'argon2id',
      passwordMinLength: 8,
      passwordPhraseLength: 15,
      stepUpSeconds: 600,
      knownDeviceSeconds: 7_776_000,
    });
  });

  it.each<[keyof Environment, unknown]>([
    ['HOST', '127.0.0.1'],
    ['PORT', 3000],
    ['PUBLIC_URL', undefined],
    ['TRUSTED_PROXIES', ''],
    ['CORS_ORIGINS', ''],
    ['DATABASE_URL', undefined],
    ['DATA_DIR', './data'],
    ['DATABASE_POOL_SIZE', 10],
    ['REDIS_URL', undefined],
    ['MASTER_KEY', undefined],
    ['AWS_SSM_ENABLED', false],
    ['JWT_ALGORITHM', 'ES256'],
    ['JWT_PRIVATE_KEY', undefined],
    ['JWT_SECRET', undefined],
    ['JWT_ISSUER', undefined],
    ['JWT_AUDIENCE', 'doorward'],
    ['ACCESS_TOKEN_TTL', 900],
    ['REFRESH_IDLE_TTL', 604_800],
    ['REFRESH_ABSOLUTE_TTL', 2_592_000],
    ['REFRESH_IDLE_TTL_AAL2', 3600],
    ['REFRESH_ABSOLUTE_TTL_AAL2', 86_400],
    ['SIGNING_KEY_ROTATION', 7_776_000],
    ['AUDIT_RETENTION', undefined],
    ['AUDIT_ARCHIVE_DIR', undefined],
    ['REFRESH_GRACE', 10],
    ['API_KEY_PREFIX', 'dw_live_'],
    ['PASSWORD_ALGORITHM', 'argon2id'],
    ['PASSWORD_MIN_LENGTH', 8],
    ['PASSWORD_PHRASE_LENGTH', 15],
    ['LOCKOUT_THRESHOLD', 5],
    ['LOCKOUT_SCOPE', 'source'],
    ['LOCKOUT_DELAY', 60],
    ['LOCKOUT_DELAY_MAX', 900],
    ['LOCKOUT_STOP', 100],
    ['KNOWN_DEVICE_TTL', 7_776_000],
    ['HASHING_CONCURRENCY', undefined],
    ['HASHING_QUEUE', 64],
    ['RISK_WEIGHTS', 'new_device=20,new_network=15,impossible_pace=25,recent_failures=25,reputation=60,honeypot=95'],
    ['ADDRESS_REPUTATION_FILE', undefined],
    ['MFA_CHALLENGE_TTL', 300],
    ['PASSWORD_RESET_TTL', 3600],
    ['EMAIL_VERIFY_TTL', 86_400],
    ['INVITATION_TTL', 604_800],
    ['TENANT_CREATION', 'everyone'],
    ['TENANT_DELETION_GRACE', 2_592_000],
    ['TRUSTED_DEVICE_TTL', 2_592_000],
    ['STEP_UP_TTL', 600],
    ['AUTH_ENABLED', true],
    ['RATE_LIMITS', true],
    ['RATE_LIMIT_LOGIN', '10/60/20'],
    ['RATE_LIMIT_REGISTER', '5/60'],
    ['RATE_LIMIT_STEP_UP', '10/60/20'],
    ['RATE_LIMIT_PASSWORD_CHANGE', '5/60/10'],
    ['RATE_LIMIT_UNLOCK', '10/3600'],
    ['RATE_LIMIT_API_KEY', '6000/60/2000'],
    ['RATE_LIMIT_BAD_API_KEY', '20/60/40'],
    ['RATE_LIMIT_TENANTS', '10/3600/20'],
    ['RATE_LIMIT_ACCOUNT', '600/60/1000'],
    ['RATE_LIMIT_TENANT', '60000/60/20000'],
    ['RATE_LIMIT_GLOBAL', '12000/60/4000'],
    ['SMTP_URL', undefined],
    ['SMS_PROVIDER', 'file'],
    ['OIDC_PROVIDERS', undefined],
    ['DIALECTS', 'pynomaly,sentio,auth-python'],
    ['DEBUG_HEADERS', false],
    ['METRICS_TOKEN', undefined],
  ])('leave %s at the default of the contract', (name, value) => {
    expect(new Environment()[name]).toEqual(value);
  });

  it('are what empty variables mean too', () => {
    const empty = Object.fromEntries(
      ['PORT', 'MASTER_KEY', 'JWT_SECRET', 'DOCS', 'NODE_ENV'].map((name) => [name, '']),
    );

    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  it('are not disturbed by variables of other programs', () => {
    expect(readSettings({ PATH: '/bin', HOME: '/root', npm_config_x: 'y' })).toEqual(readSettings({}));
  });
});

describe('settings somebody made', () => {
  it('are what the service runs with', () => {
    const settings = readSettings({
      HOST: '0.0.0.0',
      PORT: '8080',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      CORS_ORIGINS: 'https://a.example.com,https://b.example.com',
      ACCESS_TOKEN_TTL: '60',
      REFRESH_GRACE: '0',
      PASSWORD_ALGORITHM: 'bcrypt',
      DOCS: 'off',
    });

    expect(settings.process).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      trustedProxies: ['10.0.0.0/8', '::1'],
      corsOrigins: ['https://a.example.com', 'https://b.example.com'],
      docs: false,
    });
    expect(settings.tokens).toMatchObject({ accessSeconds: 60, refreshGraceSeconds: 0 });
    expect(settings.signIn.passwordAlgorithm).toBe('bcrypt');
  });

  it.each([
    ['the port', { PORT: '8080' }, 'http://localhost:8080', 'http://localhost:8080'],
    ['the public address', { PUBLIC_URL: 'https://a.example.com' }, 'https://a.example.com', 'https://a.example.com'],
    [
      'an issuer of its own',
      { PUBLIC_URL: 'https://a.example.com', JWT_ISSUER: 'https://i.example.com' },
      'https://a.example.com',
      'https://i.example.com',
    ],
  ])('tell the public address and the issuer from %s', (_, variables, publicUrl, issuer) => {
    const settings = readSettings(variables);

    expect([settings.process.publicUrl, settings.tokens.issuer]).toEqual([publicUrl, issuer]);
  });

  it('may write a PEM key on one line', () => {
    const pem = aPrivateKey('ec', { namedCurve: 'P-256' });

    expect(readSettings({ JWT_PRIVATE_KEY: pem.replaceAll('\n', '\\n') }).tokens.privateKey).toBe(pem);
  });

  it.each([
    ['that cannot be read', '-----BEGIN nonsense', 'JWT_PRIVATE_KEY must be a private key in PEM'],
    ['of another curve', aPrivateKey('ec', { namedCurve: 'P-384' }), 'JWT_PRIVATE_KEY does not fit JWT_ALGORITHM'],
    ['of another kind', aPrivateKey('rsa', { modulusLength: 2048 }), 'JWT_PRIVATE_KEY does not fit JWT_ALGORITHM'],
  ])('refuse a signing key %s', (_name, JWT_PRIVATE_KEY, problem) => {
    expect(() => readSettings({ JWT_PRIVATE_KEY })).toThrow(problem);
  });

  it.each(['RS256', 'PS256'])('refuse too short a key for %s', (JWT_ALGORITHM) => {
    const JWT_PRIVATE_KEY = aPrivateKey('rsa', { modulusLength: 1024 });
    expect(() => readSettings({ JWT_PRIVATE_KEY, JWT_ALGORITHM })).toThrow('JWT_PRIVATE_KEY does not fit');
  });

  it.each([
    ['ES256', aPrivateKey('ec', { namedCurve: 'P-256' })],
    ['EdDSA', aPrivateKey('ed25519')],
    ['RS256', aPrivateKey('rsa', { modulusLength: 2048 })],
    ['PS256', aPrivateKey('rsa', { modulusLength: 2048 })],
  ])('may bring a signing key for %s', (JWT_ALGORITHM, JWT_PRIVATE_KEY) => {
    expect(readSettings({ JWT_ALGORITHM, JWT_PRIVATE_KEY }).tokens).toMatchObject({
      algorithm: JWT_ALGORITHM,
      privateKey: JWT_PRIVATE_KEY,
    });
  });

  it('take no key of another curve for EdDSA', () => {
    const JWT_PRIVATE_KEY = aPrivateKey('ec', { namedCurve: 'P-256' });
    expect(() => readSettings({ JWT_ALGORITHM: 'EdDSA', JWT_PRIVATE_KEY })).toThrow('JWT_PRIVATE_KEY does not fit');
  });

  it('shorten the life of sessions by two factors with that of all', () => {
    const { lifetimes } = readSettings({ REFRESH_IDLE_TTL: '600', REFRESH_ABSOLUTE_TTL: '7200' }).tokens;

    expect(lifetimes.aal2).toEqual({ idleSeconds: 600, absoluteSeconds: 7200 });
  });

  it('never let sessions by two factors live for longer than others', () => {
    const { lifetimes } = readSettings({
      REFRESH_IDLE_TTL_AAL2: '604801',
      REFRESH_ABSOLUTE_TTL_AAL2: '2592001',
    }).tokens;

    expect(lifetimes.aal2).toEqual(lifetimes.aal1);
  });

  it('cannot be changed afterwards', () => {
    const settings = readSettings({});
    expect(Object.isFrozen(settings.tokens.lifetimes)).toBe(true);
    expect(Object.values(settings.tokens.lifetimes).every((part) => Object.isFrozen(part))).toBe(true);

    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.values(settings).every((part) => Object.isFrozen(part))).toBe(true);
  });
});

/** Part of the bad values, so that it would be seen if a message told one. */
const TYPED = randomBytes(6).toString('hex');

/** For each variable a value it must not have. */
const BAD: Readonly<Record<string, string>> = {
  NODE_ENV: `staging-${TYPED}`,
  HOST: `bad host ${TYPED}`,
  PORT: '70007',
  PUBLIC_URL: `https://${TYPED}.example.org/`,
  LOG_LEVEL: `loud-${TYPED}`,
  TRUSTED_PROXIES: `10.0.0.0/8,proxy-${TYPED}`,
  CORS_ORIGINS: `https://${TYPED}.example.org/`,
  DATABASE_URL: `mysql://root:${TYPED}@db/x`,
  DATABASE_POOL_SIZE: '7.5',
  REDIS_URL: `http://:${TYPED}@cache`,
  MASTER_KEY: TYPED,
  AWS_SSM_ENABLED: `yes-${TYPED}`,
  JWT_ALGORITHM: `none-${TYPED}`,
  JWT_PRIVATE_KEY: `${TYPED}-key`,
  JWT_SECRET: `${TYPED}-short`,
  JWT_ISSUER: `issuer-${TYPED}`,
  JWT_AUDIENCE: `an audience ${TYPED}`,
  ACCESS_TOKEN_TTL: '3601',
  REFRESH_IDLE_TTL: '-604801',
  REFRESH_ABSOLUTE_TTL: '1e77',
  REFRESH_IDLE_TTL_AAL2: '-3601',
  REFRESH_ABSOLUTE_TTL_AAL2: '2e77',
  SIGNING_KEY_ROTATION: '3599',
  AUDIT_RETENTION: '2678399',
  AUDIT_ARCHIVE_DIR: 's3://bucket',
  REFRESH_GRACE: '61',
  API_KEY_PREFIX: `sk_${TYPED}_`,
  EMAIL_VERIFICATION: `maybe-${TYPED}`,
  PASSWORD_ALGORITHM: `md5-${TYPED}`,
  PASSWORD_MIN_LENGTH: '7',
  PASSWORD_PHRASE_LENGTH: `long-${TYPED}`,
  LOCKOUT_THRESHOLD: '101',
  LOCKOUT_SCOPE: `planet-${TYPED}`,
  LOCKOUT_DELAY: '0x13',
  LOCKOUT_DELAY_MAX: '86401',
  LOCKOUT_STOP: '0x65',
  KNOWN_DEVICE_TTL: '0x14',
  HASHING_CONCURRENCY: '0x15',
  HASHING_QUEUE: '10001',
  RISK_WEIGHTS: `new_device=${TYPED}`,
  ADDRESS_REPUTATION_FILE: `https://example.com/${TYPED}`,
  MFA_CHALLENGE_TTL: '301',
  PASSWORD_RESET_TTL: '3602',
  EMAIL_VERIFY_TTL: '99999999',
  INVITATION_TTL: '99999998',
  TENANT_CREATION: `nobody-${TYPED}`,
  TENANT_DELETION_GRACE: '99999996',
  TRUSTED_DEVICE_TTL: '99999997',
  STEP_UP_TTL: '0x77',
  AUTH_ENABLED: `on-${TYPED}`,
  RATE_LIMITS: `true-${TYPED}`,
  RATE_LIMIT_LOGIN: `10 per ${TYPED}`,
  RATE_LIMIT_REGISTER: `11 per ${TYPED}`,
  RATE_LIMIT_STEP_UP: `12 per ${TYPED}`,
  RATE_LIMIT_PASSWORD_CHANGE: `13 per ${TYPED}`,
  RATE_LIMIT_UNLOCK: `17 per ${TYPED}`,
  RATE_LIMIT_API_KEY: `18 per ${TYPED}`,
  RATE_LIMIT_BAD_API_KEY: `19 per ${TYPED}`,
  RATE_LIMIT_TENANTS: `20 per ${TYPED}`,
  RATE_LIMIT_ACCOUNT: `14 per ${TYPED}`,
  RATE_LIMIT_TENANT: `15 per ${TYPED}`,
  RATE_LIMIT_GLOBAL: `16 per ${TYPED}`,
  SMTP_URL: `http://ann:${TYPED}@mail`,
  MAIL_FROM: `nobody-${TYPED}`,
  SMS_PROVIDER: `pigeon-${TYPED}`,
  TWILIO_FROM: `0049-${TYPED}`,
  TWILIO_BASE_URL: `twilio-${TYPED}`,
  SMS_WEBHOOK_URL: `hook-${TYPED}`,
  OAUTH_GITHUB_BASE_URL: `github-${TYPED}`,
  OIDC_PROVIDERS: `{"client_secret":"${TYPED}"}`,
  OAUTH_REDIRECT_ORIGINS: `https://${TYPED}@example.org/x`,
  DIALECTS: `pynomaly,klingon-${TYPED}`,
  DOCS: `true-${TYPED}`,
  DEBUG_HEADERS: `on-${TYPED}`,
  METRICS_TOKEN: TYPED,
};

describe('the audit log', () => {
  it('is kept for ever, unless somebody says otherwise, and its archives are with the data', () => {
    expect(readSettings({ DATA_DIR: '/srv' }).audit).toEqual({
      retentionSeconds: undefined,
      archiveFolder: '/srv/audit-archive',
    });
    expect(readSettings({ AUDIT_RETENTION: '31536000', AUDIT_ARCHIVE_DIR: '/archive' }).audit).toEqual({
      retentionSeconds: 31_536_000,
      archiveFolder: '/archive',
    });
  });
});

describe('identity providers', () => {
  const acme = {
    id: 'acme',
    name: 'Acme',
    issuer: 'https://id.acme.example',
    client_id: 'doorward',
    client_secret: 's',
  };
  const problemsOf = (variables: Record<string, string>): readonly string[] => {
    try {
      readSettings(variables);
      return [];
    } catch (error) {
      return (error as InvalidSettings).problems;
    }
  };

  it('are Google and GitHub by two settings each, and any number of issuers', () => {
    const { federation } = readSettings({
      ...{ OAUTH_GOOGLE_CLIENT_ID: 'g', OAUTH_GOOGLE_CLIENT_SECRET: 'gs' },
      ...{ OAUTH_GITHUB_CLIENT_ID: 'h', OAUTH_GITHUB_CLIENT_SECRET: 'hs' },
      OIDC_PROVIDERS: JSON.stringify([acme, { ...acme, id: 'other', trust_email: true, scopes: 'email groups' }]),
    });
    expect(federation.providers.map(({ id, issuer, trustEmail, scopes }) => [id, issuer, trustEmail, scopes])).toEqual([
      ['google', 'https://accounts.google.com', true, ['openid', 'email', 'profile']],
      ['github', 'https://github.com', true, ['read:user', 'user:email']],
      ['acme', 'https://id.acme.example', false, ['openid', 'email', 'profile']],
      ['other', 'https://id.acme.example', true, ['openid', 'email', 'groups']],
    ]);
  });

  it.each<[string, object[]]>([
    ['one without a secret', [{ ...acme, client_secret: undefined }]],
    ['an id that is none', [{ ...acme, id: 'Acme Inc' }]],
    ['the name of a path beside theirs', [{ ...acme, id: 'links' }]],
    ['the name of the way back', [{ ...acme, id: 'callback' }]],
    ['the name of their list', [{ ...acme, id: 'providers' }]],
    ['an issuer with a query', [{ ...acme, issuer: 'https://id.acme.example/?a=b' }]],
    ['an issuer that is no address', [{ ...acme, issuer: 'id.acme.example' }]],
    ['trust that is a word', [{ ...acme, trust_email: 'yes' }]],
    ['a field nobody knows', [{ ...acme, trust: true }]],
    ['one id twice', [acme, acme]],
  ])('are refused with %s', (_, providers) => {
    expect(problemsOf({ OIDC_PROVIDERS: JSON.stringify(providers) })).toEqual([
      expect.stringMatching(/^OIDC_PROVIDERS must be a JSON array of /),
    ]);
  });

  it('need both halves, and are named once', () => {
    expect(problemsOf({ OAUTH_GOOGLE_CLIENT_ID: 'g' })).toEqual([
      'OAUTH_GOOGLE_CLIENT_SECRET is required beside its other half',
    ]);
    const google = { OAUTH_GOOGLE_CLIENT_ID: 'g', OAUTH_GOOGLE_CLIENT_SECRET: 's' };
    expect(problemsOf({ ...google, OIDC_PROVIDERS: JSON.stringify([{ ...acme, id: 'google' }]) })).toEqual([
      'OIDC_PROVIDERS must not name a provider again that has settings of its own',
    ]);
  });

  it.each(['development', 'test', 'production'])('are asked over TLS, but on this machine, in %s', (mode) => {
    const production = {
      DATABASE_URL: 'postgres://localhost/doorward',
      MASTER_KEY: randomBytes(32).toString('base64'),
    };
    const problemsAt = (issuer: string): readonly string[] =>
      problemsOf({
        ...{ NODE_ENV: mode, ...(mode === 'production' && production) },
        ...{ OAUTH_GOOGLE_ISSUER: issuer, OAUTH_GITHUB_BASE_URL: issuer },
        OIDC_PROVIDERS: JSON.stringify([{ ...acme, issuer }]),
      });
    expect(problemsAt('http://id.acme.example')).toEqual([
      'OAUTH_GOOGLE_ISSUER must be https, but for loopback addresses',
      'OAUTH_GITHUB_BASE_URL must be https, but for loopback addresses',
      'OIDC_PROVIDERS must name issuers by https, but for loopback addresses',
    ]);
    expect(problemsAt('http://127.0.0.1:8080')).toEqual([]);
    expect(problemsAt('https://id.acme.example')).toEqual([]);
  });

  it('send browsers nowhere in the clear', () => {
    expect(problemsOf({ OAUTH_REDIRECT_ORIGINS: 'http://app.example.com' })).toEqual([
      'OAUTH_REDIRECT_ORIGINS must be https, but for loopback addresses',
    ]);
    expect(problemsOf({ OAUTH_REDIRECT_ORIGINS: 'http://localhost:5173,https://app.example.com/done' })).toEqual([]);
  });
});

describe('ways to send text messages', () => {
  const twilio = {
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '+12025550100',
  };

  it('are files, unless somebody says otherwise', () => {
    expect(readSettings({ DATA_DIR: '/srv' }).sms).toEqual({ provider: { kind: 'file' }, folder: '/srv/sms' });
  });

  it('are Twilio, by its own address or another', () => {
    const known = { kind: 'twilio', accountSid: 'AC1', authToken: 'token', from: '+12025550100' };
    expect(readSettings(twilio).sms.provider).toEqual({ ...known, baseUrl: 'https://api.twilio.com' });
    expect(readSettings({ ...twilio, TWILIO_BASE_URL: 'https://twilio.example.com/eu/' }).sms.provider).toEqual({
      ...known,
      baseUrl: 'https://twilio.example.com/eu',
    });
  });

  it.each([
    ['twilio', ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']],
    ['webhook', ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET']],
  ])('do not begin without what %s needs', (SMS_PROVIDER, names) => {
    expect(namesIn(refusalOf({ SMS_PROVIDER }))).toEqual(names);
  });
});

describe('a start that is refused', () => {
  it('names every bad variable at once', () => {
    expect(namesIn(refusalOf(BAD)).sort()).toEqual(Object.keys(BAD).sort());
  });

  it.each(Object.entries(BAD))('names %s, when that alone is bad, and not its value', (name, value) => {
    const refusal = refusalOf({ [name]: value });

    expect(namesIn(refusal)).toEqual([name]);
    expect(refusal.message).toContain(name);
    expect(refusal.message).not.toContain(value);
  });

  it('tells no value of the many, not even a part of one', () => {
    expect(refusalOf(BAD).message).not.toContain(TYPED);
  });

  it.each(['3000x', ' 3000', '3e3', '0x10', '3000.5', '-1', '65536', 'NaN'])('is due to the port %j', (PORT) => {
    expect(namesIn(refusalOf({ PORT }))).toEqual(['PORT']);
  });

  it.each([
    ['PORT', ['0', '65535']],
    ['ACCESS_TOKEN_TTL', ['1', '3600']],
    ['REFRESH_GRACE', ['0', '60']],
    ['SIGNING_KEY_ROTATION', ['0', '3600']],
    ['AUDIT_RETENTION', ['2678400', '3153600000']],
    ['PASSWORD_MIN_LENGTH', ['8', '15']],
    ['PASSWORD_PHRASE_LENGTH', ['8', '64']],
  ])('is not due to %s at its bounds', (name, values) => {
    for (const value of values) expect(() => readSettings({ [name]: value })).not.toThrow();
  });

  it.each([
    ['a phrase shorter than a password', { PASSWORD_MIN_LENGTH: '20' }, 'PASSWORD_PHRASE_LENGTH'],
    [
      'a session shorter than an access token',
      { REFRESH_ABSOLUTE_TTL: '899', REFRESH_IDLE_TTL: '60' },
      'REFRESH_ABSOLUTE_TTL',
    ],
    ['HS256 without its secret', { JWT_ALGORITHM: 'HS256' }, 'JWT_SECRET'],
  ])('is due to %s', (_, variables, name) => {
    expect(namesIn(refusalOf(variables))).toEqual([name]);
  });
});

describe('production', () => {
  it('starts with what it needs, carefully', () => {
    const settings = readSettings(inProduction());

    expect(settings.process).toMatchObject({ mode: 'production', docs: false, authEnabled: true });
    expect(settings.signIn.emailVerification).toBe('required');
  });

  it('shows the documentation and takes unverified addresses when told to', () => {
    const settings = readSettings(inProduction({ DOCS: 'on', EMAIL_VERIFICATION: 'optional' }));

    expect(settings.process.docs).toBe(true);
    expect(settings.signIn.emailVerification).toBe('optional');
  });

  it.each([
    ['without a master key', { MASTER_KEY: undefined }, 'MASTER_KEY'],
    ['with an empty master key', { MASTER_KEY: '' }, 'MASTER_KEY'],
    ['with an example as master key', { MASTER_KEY: 'changeme' }, 'MASTER_KEY'],
    ['with a typed master key', { MASTER_KEY: Buffer.alloc(32, 'a typed text').toString('base64') }, 'MASTER_KEY'],
    ['with zeros as master key', { MASTER_KEY: Buffer.alloc(32).toString('base64') }, 'MASTER_KEY'],
    ['with authentication off', { AUTH_ENABLED: 'false' }, 'AUTH_ENABLED'],
    ['with text messages in the clear', { SMS_WEBHOOK_URL: 'http://hook.example.com' }, 'SMS_WEBHOOK_URL'],
    [
      'with hashes of passwords in the clear',
      { BREACHED_PASSWORDS_URL: 'http://range.example.com' },
      'BREACHED_PASSWORDS_URL',
    ],
    ['with Twilio in the clear', { TWILIO_BASE_URL: 'http://10.0.0.1/twilio' }, 'TWILIO_BASE_URL'],
  ])('does not start %s', (_, variables, name) => {
    expect(namesIn(refusalOf(inProduction(variables)))).toEqual([name]);
  });

  it.each(['https://hook.example.com', 'http://127.0.0.1:4010', 'http://[::1]:4010'])(
    'sends text messages by %s, where nobody listens in',
    (url) => {
      const given = {
        SMS_PROVIDER: 'webhook',
        SMS_WEBHOOK_URL: url,
        SMS_WEBHOOK_SECRET: randomBytes(16).toString('hex'),
      };
      expect(readSettings(inProduction({ ...given, TWILIO_BASE_URL: url })).sms.provider).toMatchObject({ url });
    },
  );

  it('is told everything that is missing at once', () => {
    expect(namesIn(refusalOf({ NODE_ENV: 'production', AUTH_ENABLED: 'false' }))).toEqual(
      expect.arrayContaining(['MASTER_KEY', 'AUTH_ENABLED']),
    );
  });

  it('is the only mode that refuses authentication off', () => {
    expect(readSettings({ AUTH_ENABLED: 'false' }).process.authEnabled).toBe(false);
    expect(readSettings({ NODE_ENV: 'test', AUTH_ENABLED: 'false' }).process.authEnabled).toBe(false);
  });
});

describe('an example in place of a secret', () => {
  it.each([
    ['development', {}],
    ['tests', { NODE_ENV: 'test' }],
  ])('is refused in %s too', (_, variables) => {
    expect(namesIn(refusalOf({ ...variables, MASTER_KEY: 'changeme', JWT_SECRET: 'changeme' }))).toEqual([
      'MASTER_KEY',
      'JWT_SECRET',
    ]);
  });
});
