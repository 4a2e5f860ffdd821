import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment';
import { fitsAlgorithm, isCallableUrl, isPrivateUrl, privateKeyOf } from './formats';
import { providersIn } from './oidc-providers';
import { entries } from './rules';
import {
  type LockoutSettings,
  type TenantSettings,
  type ProcessSettings,
  type ProviderSettings,
  RISK_SIGNALS,
  SECOND_FACTOR_METHODS,
  type Rate,
  type RiskSignal,
  type RiskWeights,
  type Settings,
  type SigningAlgorithm,
  type SmsProvider,
} from './settings';

/** The start was refused. One message names every bad variable and never a value. */
export class InvalidSettings extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Doorward cannot start with these settings:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the settings from environment variables; pure, so that tests pass an object.
 * A variable set to the empty text counts as not set. Throws InvalidSettings.
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const problems = [...badValues(environment), ...badCombinations(environment)];
  if (problems.length > 0) throw new InvalidSettings(problems);
  return settingsOf(environment);
}

function badValues(environment: Environment): string[] {
  return validateSync(environment).map(
    ({ property, constraints }) => `${property} ${Object.values(constraints ?? {})[0] ?? 'is not valid'}`,
  );
}

/** A key is published for ten minutes before it signs; it should sign for longer than that. */
const SHORTEST_KEY_ROTATION = 3600;

/** Rules between variables, and values that are well-formed but must not be used as they are. */
function badCombinations(env: Environment): string[] {
  const production = env.NODE_ENV === 'production';
  const rules: readonly (readonly [boolean, string])[] = [
    [production && !env.MASTER_KEY, 'MASTER_KEY is required in production'],
    [production && !env.DATABASE_URL, 'DATABASE_URL is required in production'],
    [production && !env.AUTH_ENABLED, 'AUTH_ENABLED must not be false in production'],
    [env.JWT_ALGORITHM === 'HS256' && !env.JWT_SECRET, 'JWT_SECRET is required for the JWT_ALGORITHM given'],
    [!keyFits(env), 'JWT_PRIVATE_KEY does not fit JWT_ALGORITHM'],
    [(env.AWS_SSM_ENABLED as unknown) === true, 'AWS_SSM_ENABLED is not available in this version'],
    [
      env.PASSWORD_PHRASE_LENGTH < env.PASSWORD_MIN_LENGTH,
      'PASSWORD_PHRASE_LENGTH must not be below PASSWORD_MIN_LENGTH',
    ],
    [
      env.SIGNING_KEY_ROTATION !== 0 && env.SIGNING_KEY_ROTATION < SHORTEST_KEY_ROTATION,
      `SIGNING_KEY_ROTATION must be 0 or at least ${SHORTEST_KEY_ROTATION}`,
    ],
    [env.REFRESH_ABSOLUTE_TTL < env.ACCESS_TOKEN_TTL, 'REFRESH_ABSOLUTE_TTL must not be below ACCESS_TOKEN_TTL'],
    [env.LOCKOUT_DELAY_MAX < env.LOCKOUT_DELAY, 'LOCKOUT_DELAY_MAX must not be below LOCKOUT_DELAY'],
    [
      env.LOCKOUT_THRESHOLD <= 100 && env.LOCKOUT_STOP < env.LOCKOUT_THRESHOLD,
      'LOCKOUT_STOP must not be below LOCKOUT_THRESHOLD',
    ],
    ...needed(env, 'twilio', ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']),
    ...needed(env, 'webhook', ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET']),
    [production && isExposed(env.BREACHED_PASSWORDS_URL), 'BREACHED_PASSWORDS_URL must be https in production'],
    [production && isExposed(env.TWILIO_BASE_URL), 'TWILIO_BASE_URL must be https in production'],
    [production && isExposed(env.SMS_WEBHOOK_URL), 'SMS_WEBHOOK_URL must be https in production'],
    ...together(env, ['OAUTH_GOOGLE_CLIENT_ID', 'OAUTH_GOOGLE_CLIENT_SECRET']),
    ...together(env, ['OAUTH_GITHUB_CLIENT_ID', 'OAUTH_GITHUB_CLIENT_SECRET']),
    [hasProviderTwice(env), 'OIDC_PROVIDERS must not name a provider again that has settings of its own'],
    // Nobody goes there by http anyway (OutboundClient): said here, not to everybody who would sign in.
    [isExposed(env.OAUTH_GOOGLE_ISSUER), 'OAUTH_GOOGLE_ISSUER must be https, but for loopback addresses'],
    [isExposed(env.OAUTH_GITHUB_BASE_URL), 'OAUTH_GITHUB_BASE_URL must be https, but for loopback addresses'],
    [
      (providersIn(env.OIDC_PROVIDERS ?? '[]') ?? []).some(({ issuer }) => isExposed(issuer)),
      'OIDC_PROVIDERS must name issuers by https, but for loopback addresses',
    ],
    [
      entries(env.OAUTH_REDIRECT_ORIGINS).some((target) => isExposed(target)),
      'OAUTH_REDIRECT_ORIGINS must be https, but for loopback addresses',
    ],
    [unknownSignals(env).length > 0, `RISK_WEIGHTS may name ${RISK_SIGNALS.join(', ')}`],
  ];
  return rules.flatMap(([broken, problem]) => (broken ? [problem] : []));
}

/** What a way to send text messages cannot do without. */
function needed(
  env: Environment,
  provider: string,
  names: readonly (keyof Environment)[],
): readonly (readonly [boolean, string])[] {
  return names.map((name) => [
    env.SMS_PROVIDER === provider && env[name] === undefined,
    `${name} is required for the SMS_PROVIDER given`,
  ]);
}

/** Of two that are good for nothing alone, the one that is missing. */
function together(
  env: Environment,
  names: readonly [keyof Environment, keyof Environment],
): readonly (readonly [boolean, string])[] {
  const [one, other] = names;
  const missing = env[one] === undefined ? one : other;
  return [[(env[one] === undefined) !== (env[other] === undefined), `${missing} is required beside its other half`]];
}

function hasProviderTwice(env: Environment): boolean {
  const ids = providersOf(env).map(({ id }) => id);
  return new Set(ids).size < ids.length;
}

/** Whether codes would travel in the clear. Of an address that is none something else is said. */
function isExposed(url: string | undefined): boolean {
  return url !== undefined && isCallableUrl(url) && !isPrivateUrl(url);
}

/** Of a key that cannot even be read something else is said. */
function keyFits({ JWT_PRIVATE_KEY: pem, JWT_ALGORITHM: algorithm }: Environment): boolean {
  const key = pem === undefined || algorithm === 'HS256' ? null : privateKeyOf(pem);
  return key === null || fitsAlgorithm(key, algorithm);
}

const isRiskSignal = (name: string): name is RiskSignal => (RISK_SIGNALS as readonly string[]).includes(name);

function unknownSignals({ RISK_WEIGHTS: weights }: Environment): readonly string[] {
  return entries(weights).filter((entry) => !isRiskSignal(entry.split('=')[0] ?? ''));
}

/** A signal that is not named keeps the weight it has. */
function riskWeights({ RISK_WEIGHTS: weights }: Environment): RiskWeights {
  const all = [...entries(new Environment().RISK_WEIGHTS), ...entries(weights)].map((entry) => entry.split('='));
  return Object.freeze(Object.fromEntries(all.map(([name, weight]) => [name, Number(weight)]))) as RiskWeights;
}

/** `10/60/20`; without a burst all of a window may come at once. */
function rateOf(text: string): Rate {
  const [count = 0, seconds = 0, burst = count] = text.split('/').map(Number);
  return Object.freeze({ count, seconds, burst });
}

const TWILIO = 'https://api.twilio.com';

/** What is missing was refused before. */
function smsProviderOf(env: Environment): SmsProvider {
  if (env.SMS_PROVIDER === 'twilio') {
    return {
      kind: 'twilio',
      accountSid: env.TWILIO_ACCOUNT_SID ?? '',
      authToken: env.TWILIO_AUTH_TOKEN ?? '',
      from: env.TWILIO_FROM ?? '',
      baseUrl: (env.TWILIO_BASE_URL ?? TWILIO).replace(/\/+$/, ''),
    };
  }
  if (env.SMS_PROVIDER === 'webhook') {
    return { kind: 'webhook', url: env.SMS_WEBHOOK_URL ?? '', secret: env.SMS_WEBHOOK_SECRET ?? '' };
  }
  return { kind: 'file' };
}

const GITHUB = 'https://github.com';

/** Google and GitHub where they are set up, then the others in their order. */
function providersOf(env: Environment): readonly ProviderSettings[] {
  const { OAUTH_GOOGLE_CLIENT_ID: google, OAUTH_GITHUB_CLIENT_ID: github } = env;
  const known: readonly ProviderSettings[] = [
    {
      kind: 'google',
      id: 'google',
      name: 'Google',
      issuer: env.OAUTH_GOOGLE_ISSUER,
      clientId: google ?? '',
      clientSecret: env.OAUTH_GOOGLE_CLIENT_SECRET ?? '',
      scopes: ['openid', 'email', 'profile'],
      trustEmail: true,
    },
    {
      kind: 'github',
      id: 'github',
      name: 'GitHub',
      issuer: env.OAUTH_GITHUB_BASE_URL ?? GITHUB,
      clientId: github ?? '',
      clientSecret: env.OAUTH_GITHUB_CLIENT_SECRET ?? '',
      scopes: ['read:user', 'user:email'],
      trustEmail: true,
    },
  ];
  return [...known.filter(({ clientId }) => clientId !== ''), ...(providersIn(env.OIDC_PROVIDERS ?? '[]') ?? [])];
}

function settingsOf(env: Environment): Settings {
  const production = env.NODE_ENV === 'production';
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return Object.freeze({
    process: Object.freeze({
      mode: env.NODE_ENV as ProcessSettings['mode'],
      host: env.HOST,
      port: env.PORT,
      publicUrl,
      logLevel: env.LOG_LEVEL,
      trustedProxies: entries(env.TRUSTED_PROXIES),
      corsOrigins: entries(env.CORS_ORIGINS),
      docs: env.DOCS ?? !production,
      authEnabled: env.AUTH_ENABLED,
    }),
    store: Object.freeze({
      databaseUrl: env.DATABASE_URL,
      poolSize: env.DATABASE_POOL_SIZE,
      dataDir: env.DATA_DIR,
      redisUrl: env.REDIS_URL,
      masterKey: env.MASTER_KEY,
    }),
    tokens: Object.freeze({
      algorithm: env.JWT_ALGORITHM as SigningAlgorithm,
      privateKey: env.JWT_PRIVATE_KEY?.replaceAll('\\n', '\n'),
      sharedSecret: env.JWT_SECRET,
      issuer: env.JWT_ISSUER ?? publicUrl,
      audience: env.JWT_AUDIENCE,
      accessSeconds: env.ACCESS_TOKEN_TTL,
      lifetimes: Object.freeze({
        aal1: Object.freeze({ idleSeconds: env.REFRESH_IDLE_TTL, absoluteSeconds: env.REFRESH_ABSOLUTE_TTL }),
        // Whoever shortens the life of all sessions shortens that of the better guarded ones too.
        aal2: Object.freeze({
          idleSeconds: Math.min(env.REFRESH_IDLE_TTL_AAL2, env.REFRESH_IDLE_TTL),
          absoluteSeconds: Math.min(env.REFRESH_ABSOLUTE_TTL_AAL2, env.REFRESH_ABSOLUTE_TTL),
        }),
      }),
      refreshGraceSeconds: env.REFRESH_GRACE,
      keyRotationSeconds: env.SIGNING_KEY_ROTATION,
      apiKeyPrefix: env.API_KEY_PREFIX,
    }),
    signIn: Object.freeze({
      emailVerification: (env.EMAIL_VERIFICATION ?? (production ? 'required' : 'optional')) as 'optional' | 'required',
      passwordAlgorithm: env.PASSWORD_ALGORITHM as 'argon2id' | 'bcrypt',
      passwordMinLength: env.PASSWORD_MIN_LENGTH,
      passwordPhraseLength: env.PASSWORD_PHRASE_LENGTH,
      breachedPasswordsUrl: env.BREACHED_PASSWORDS_URL,
      passwordResetSeconds: env.PASSWORD_RESET_TTL,
      emailVerifySeconds: env.EMAIL_VERIFY_TTL,
      invitationSeconds: env.INVITATION_TTL,
      stepUpSeconds: env.STEP_UP_TTL,
      knownDeviceSeconds: env.KNOWN_DEVICE_TTL,
    }),
    mfa: Object.freeze({
      challengeSeconds: env.MFA_CHALLENGE_TTL,
      codeSeconds: env.MFA_CODE_TTL,
      methods: SECOND_FACTOR_METHODS.filter((method) => entries(env.MFA_METHODS).includes(method)),
      issuer: env.MFA_ISSUER,
      emailHoldSeconds: env.EMAIL_FACTOR_HOLD,
      trustedDeviceSeconds: env.TRUSTED_DEVICE_TTL,
    }),
    sms: Object.freeze({ provider: Object.freeze(smsProviderOf(env)), folder: join(env.DATA_DIR, 'sms') }),
    mail: Object.freeze({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, folder: join(env.DATA_DIR, 'mail') }),
    tenants: Object.freeze({
      creation: env.TENANT_CREATION as TenantSettings['creation'],
      deletionGraceSeconds: env.TENANT_DELETION_GRACE,
    }),
    lockout: Object.freeze({
      threshold: env.LOCKOUT_THRESHOLD,
      scope: env.LOCKOUT_SCOPE as LockoutSettings['scope'],
      firstDelaySeconds: env.LOCKOUT_DELAY,
      longestDelaySeconds: env.LOCKOUT_DELAY_MAX,
      stopAfter: env.LOCKOUT_STOP,
    }),
    hashing: Object.freeze({
      concurrency: env.HASHING_CONCURRENCY ?? availableParallelism(),
      queue: env.HASHING_QUEUE,
    }),
    risk: Object.freeze({ weights: riskWeights(env), reputationFile: env.ADDRESS_REPUTATION_FILE }),
    limits: Object.freeze({
      enabled: env.RATE_LIMITS,
      rates: Object.freeze({
        login: rateOf(env.RATE_LIMIT_LOGIN),
        register: rateOf(env.RATE_LIMIT_REGISTER),
        step_up: rateOf(env.RATE_LIMIT_STEP_UP),
        mfa: rateOf(env.RATE_LIMIT_MFA),
        factors: rateOf(env.RATE_LIMIT_FACTORS),
        password_change: rateOf(env.RATE_LIMIT_PASSWORD_CHANGE),
        unlock: rateOf(env.RATE_LIMIT_UNLOCK),
        password_reset: rateOf(env.RATE_LIMIT_PASSWORD_RESET),
        email_resend: rateOf(env.RATE_LIMIT_EMAIL_RESEND),
        email_change: rateOf(env.RATE_LIMIT_EMAIL_CHANGE),
        mailed_link: rateOf(env.RATE_LIMIT_MAILED_LINK),
        invite: rateOf(env.RATE_LIMIT_INVITE),
        tenants: rateOf(env.RATE_LIMIT_TENANTS),
        personal_data: rateOf(env.RATE_LIMIT_PERSONAL_DATA),
        audit_export: rateOf(env.RATE_LIMIT_AUDIT_EXPORT),
        audit_verify: rateOf(env.RATE_LIMIT_AUDIT_VERIFY),
        oauth: rateOf(env.RATE_LIMIT_OAUTH),
        oauth_callback: rateOf(env.RATE_LIMIT_OAUTH_CALLBACK),
        mail: rateOf(env.RATE_LIMIT_MAIL),
        mail_day: rateOf(env.RATE_LIMIT_MAIL_DAY),
        mail_tenant: rateOf(env.RATE_LIMIT_MAIL_TENANT),
        sms: rateOf(env.RATE_LIMIT_SMS),
        sms_day: rateOf(env.RATE_LIMIT_SMS_DAY),
        sms_tenant: rateOf(env.RATE_LIMIT_SMS_TENANT),
        sms_country: rateOf(env.RATE_LIMIT_SMS_COUNTRY),
        api_key: rateOf(env.RATE_LIMIT_API_KEY),
        bad_api_key: rateOf(env.RATE_LIMIT_BAD_API_KEY),
        account: rateOf(env.RATE_LIMIT_ACCOUNT),
        tenant: rateOf(env.RATE_LIMIT_TENANT),
        global: rateOf(env.RATE_LIMIT_GLOBAL),
      }),
    }),
    usage: Object.freeze({ keptDays: env.USAGE_KEPT_DAYS }),
    audit: Object.freeze({
      retentionSeconds: env.AUDIT_RETENTION,
      archiveFolder: env.AUDIT_ARCHIVE_DIR ?? join(env.DATA_DIR, 'audit-archive'),
    }),
    federation: Object.freeze({
      providers: providersOf(env),
      redirectTargets: entries(env.OAUTH_REDIRECT_ORIGINS),
      keepProviderTokens: env.OAUTH_KEEP_PROVIDER_TOKENS,
    }),
    outbound: Object.freeze({ allowedNetworks: entries(env.OUTBOUND_ALLOWED_NETWORKS) }),
  });
}
