import {
  isAddressBlock,
  isApiKeyPrefix,
  isBaseUrl,
  isCallableUrl,
  isHttpUrl,
  isMasterKey,
  isOrigin,
  isPostgresUrl,
  isRedirectTarget,
  isRedisUrl,
  isRiskWeight,
  isSharedSecret,
  isSmtpUrl,
  privateKeyOf,
} from './formats';
import { PROVIDER_SHAPE, providersIn } from './oidc-providers';
import { SECOND_FACTOR_METHODS } from './settings';
import { ListOf, OneOf, Optional, RateLimit, Switch, Text, WholeNumber } from './rules';

const YEAR = 31_536_000;

const isMethod = (name: string): boolean => (SECOND_FACTOR_METHODS as readonly string[]).includes(name);

/** Every variable the service reads, by the name operators give it. `.env.example` lists the same names. */
export class Environment {
  @OneOf('development', 'production', 'test') NODE_ENV: string = 'development';
  @Text('must be an address or a host name', (text) => /^[\w.:-]+$/.test(text)) HOST: string = '127.0.0.1';
  @WholeNumber(0, 65_535) PORT: number = 3000;
  @Text('must be an http or https address without a slash at its end', isBaseUrl) PUBLIC_URL?: string;
  @OneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent') LOG_LEVEL: string = 'info';
  @ListOf('must be a list of addresses or CIDR blocks', isAddressBlock) TRUSTED_PROXIES: string = '';
  @ListOf('must be a list of origins such as https://app.example.com', isOrigin) CORS_ORIGINS: string = '';

  @Text('must be a postgres:// address', isPostgresUrl) DATABASE_URL?: string;
  @WholeNumber(1, 500) DATABASE_POOL_SIZE: number = 10;
  @Text('must be a path', (text) => !text.includes('://')) DATA_DIR: string = './data';
  @Text('must be a redis:// or rediss:// address', isRedisUrl) REDIS_URL?: string;

  @Text('must be 32 random bytes in base64, not an example', isMasterKey) MASTER_KEY?: string;
  @Switch('true', 'false') AWS_SSM_ENABLED: boolean = false;

  @OneOf('ES256', 'RS256', 'PS256', 'EdDSA', 'HS256') JWT_ALGORITHM: string = 'ES256';
  @Text('must be a private key in PEM', (text) => privateKeyOf(text) !== null) JWT_PRIVATE_KEY?: string;
  @Text('must be at least 32 random bytes, not an example', isSharedSecret) JWT_SECRET?: string;
  @Text('must be an http or https address', isHttpUrl) JWT_ISSUER?: string;
  @Text('must be a name', (text) => /^[\x21-\x7e]{1,200}$/.test(text)) JWT_AUDIENCE: string = 'doorward';
  @WholeNumber(1, 3600) ACCESS_TOKEN_TTL: number = 900;
  @WholeNumber(1, YEAR) REFRESH_IDLE_TTL: number = 604_800;
  @WholeNumber(1, YEAR) REFRESH_ABSOLUTE_TTL: number = 2_592_000;
  @WholeNumber(1, YEAR) REFRESH_IDLE_TTL_AAL2: number = 3600;
  @WholeNumber(1, YEAR) REFRESH_ABSOLUTE_TTL_AAL2: number = 86_400;
  @WholeNumber(0, 60) REFRESH_GRACE: number = 10;
  @WholeNumber(0, 5 * YEAR) SIGNING_KEY_ROTATION: number = 90 * 86_400;
  @Text('must look like dw_live_', isApiKeyPrefix) API_KEY_PREFIX: string = 'dw_live_';

  @OneOf('optional', 'required') EMAIL_VERIFICATION?: string;
  @OneOf('argon2id', 'bcrypt') PASSWORD_ALGORITHM: string = 'argon2id';
  @WholeNumber(8, 64) PASSWORD_MIN_LENGTH: number = 8;
  @WholeNumber(8, 64) PASSWORD_PHRASE_LENGTH: number = 15;
  @WholeNumber(1, 100) LOCKOUT_THRESHOLD: number = 5;
  @OneOf('source', 'account') LOCKOUT_SCOPE: string = 'source';
  @WholeNumber(1, 3600) LOCKOUT_DELAY: number = 60;
  @WholeNumber(1, 86_400) LOCKOUT_DELAY_MAX: number = 900;
  @WholeNumber(1, 100) LOCKOUT_STOP: number = 100;
  @WholeNumber(1, YEAR) KNOWN_DEVICE_TTL: number = 7_776_000;
  @Optional() @WholeNumber(1, 256) HASHING_CONCURRENCY?: number;
  @WholeNumber(0, 10_000) HASHING_QUEUE: number = 64;
  @ListOf('must be a list such as new_device=20,honeypot=95', isRiskWeight) RISK_WEIGHTS: string =
    'new_device=20,new_network=15,impossible_pace=25,recent_failures=25,reputation=60,honeypot=95';
  @Text('must be the path of a file', (text) => !text.includes('://')) ADDRESS_REPUTATION_FILE?: string;
  @WholeNumber(1, 300) MFA_CHALLENGE_TTL: number = 300;
  @WholeNumber(1, 600) MFA_CODE_TTL: number = 300;
  @ListOf('must be a list of totp, sms, email, backup_codes', isMethod) MFA_METHODS: string =
    'totp,sms,email,backup_codes';
  @Text('must be a name of up to 60 characters without a colon', (text) => /^[^:\p{Cc}]{1,60}$/u.test(text))
  MFA_ISSUER: string = 'Doorward';
  @WholeNumber(0, 2_592_000) EMAIL_FACTOR_HOLD: number = 86_400;
  @WholeNumber(1, 3600) PASSWORD_RESET_TTL: number = 3600;
  @Text('must be an http or https address without a slash at its end', isBaseUrl) BREACHED_PASSWORDS_URL?: string;
  @WholeNumber(1, 604_800) EMAIL_VERIFY_TTL: number = 86_400;
  @WholeNumber(1, 604_800) INVITATION_TTL: number = 604_800;
  @OneOf('everyone', 'administrators') TENANT_CREATION: string = 'everyone';
  @WholeNumber(0, YEAR) TENANT_DELETION_GRACE: number = 2_592_000;
  @WholeNumber(1, 2_592_000) TRUSTED_DEVICE_TTL: number = 2_592_000;
  @WholeNumber(1, 3600) STEP_UP_TTL: number = 600;
  @Switch('true', 'false') AUTH_ENABLED: boolean = true;

  @Switch('on', 'off') RATE_LIMITS: boolean = true;
  @RateLimit() RATE_LIMIT_LOGIN: string = '10/60/20';
  @RateLimit() RATE_LIMIT_REGISTER: string = '5/60';
  @RateLimit() RATE_LIMIT_STEP_UP: string = '10/60/20';
  @RateLimit() RATE_LIMIT_MFA: string = '10/60/20';
  @RateLimit() RATE_LIMIT_FACTORS: string = '10/60/20';
  @RateLimit() RATE_LIMIT_PASSWORD_CHANGE: string = '5/60/10';
  @RateLimit() RATE_LIMIT_UNLOCK: string = '10/3600';
  @RateLimit() RATE_LIMIT_PASSWORD_RESET: string = '10/60/20';
  @RateLimit() RATE_LIMIT_EMAIL_RESEND: string = '10/60/20';
  @RateLimit() RATE_LIMIT_EMAIL_CHANGE: string = '5/60/10';
  @RateLimit() RATE_LIMIT_MAILED_LINK: string = '20/60/40';
  @RateLimit() RATE_LIMIT_INVITE: string = '30/60/60';
  @RateLimit() RATE_LIMIT_TENANTS: string = '10/3600/20';
  @RateLimit() RATE_LIMIT_PERSONAL_DATA: string = '5/60/10';
  @RateLimit() RATE_LIMIT_AUDIT_EXPORT: string = '20/3600';
  @RateLimit() RATE_LIMIT_AUDIT_VERIFY: string = '30/60';
  @RateLimit() RATE_LIMIT_OAUTH: string = '20/60/40';
  @RateLimit() RATE_LIMIT_OAUTH_CALLBACK: string = '20/60/40';
  @RateLimit() RATE_LIMIT_MAIL: string = '3/900';
  @RateLimit() RATE_LIMIT_MAIL_DAY: string = '10/86400';
  @RateLimit() RATE_LIMIT_MAIL_TENANT: string = '500/3600';
  @RateLimit() RATE_LIMIT_SMS: string = '3/900';
  @RateLimit() RATE_LIMIT_SMS_DAY: string = '10/86400';
  @RateLimit() RATE_LIMIT_SMS_TENANT: string = '500/3600';
  @RateLimit() RATE_LIMIT_SMS_COUNTRY: string = '500/3600';
  @RateLimit() RATE_LIMIT_API_KEY: string = '6000/60/2000';
  @RateLimit() RATE_LIMIT_BAD_API_KEY: string = '20/60/40';
  @RateLimit() RATE_LIMIT_ACCOUNT: string = '600/60/1000';
  @RateLimit() RATE_LIMIT_TENANT: string = '60000/60/20000';
  @RateLimit() RATE_LIMIT_GLOBAL: string = '12000/60/4000';
  @WholeNumber(31, 3650) USAGE_KEPT_DAYS: number = 400;

  @Optional() @WholeNumber(31 * 86_400, 100 * YEAR) AUDIT_RETENTION?: number;
  @Text('must be a path', (text) => !text.includes('://')) AUDIT_ARCHIVE_DIR?: string;

  @Text('must be an smtp:// or smtps:// address', isSmtpUrl) SMTP_URL?: string;
  @Text('must be an address such as Doorward <no-reply@example.com>', (text) => text.includes('@'))
  MAIL_FROM: string = 'Doorward <no-reply@localhost>';
  @OneOf('file', 'twilio', 'webhook') SMS_PROVIDER: string = 'file';
  @Text('must be a text') TWILIO_ACCOUNT_SID?: string;
  @Text('must be a text') TWILIO_AUTH_TOKEN?: string;
  @Text('must be a number in E.164', (text) => /^\+[1-9]\d{1,14}$/.test(text)) TWILIO_FROM?: string;
  @Text('must be an http or https address without credentials', isCallableUrl) TWILIO_BASE_URL?: string;
  @Text('must be an http or https address without credentials', isCallableUrl) SMS_WEBHOOK_URL?: string;
  @Text('must be at least 16 characters', (text) => text.length >= 16) SMS_WEBHOOK_SECRET?: string;

  @Text('must be a text') OAUTH_GOOGLE_CLIENT_ID?: string;
  @Text('must be a text') OAUTH_GOOGLE_CLIENT_SECRET?: string;
  @Text('must be an http or https address', isCallableUrl)
  OAUTH_GOOGLE_ISSUER: string = 'https://accounts.google.com';
  @Text('must be a text') OAUTH_GITHUB_CLIENT_ID?: string;
  @Text('must be a text') OAUTH_GITHUB_CLIENT_SECRET?: string;
  @Text('must be an http or https address without a slash at its end', isBaseUrl) OAUTH_GITHUB_BASE_URL?: string;
  @Text(`must be a JSON array of ${PROVIDER_SHAPE}`, (text) => providersIn(text) !== null) OIDC_PROVIDERS?: string;
  @ListOf('must be a list of origins such as https://app.example.com, or of whole addresses', isRedirectTarget)
  OAUTH_REDIRECT_ORIGINS: string = '';
  @Switch('on', 'off') OAUTH_KEEP_PROVIDER_TOKENS: boolean = false;
  @ListOf('must be a list of addresses or CIDR blocks', isAddressBlock) OUTBOUND_ALLOWED_NETWORKS: string = '';

  @ListOf('must be a list of pynomaly, sentio, auth-python', (name) =>
    ['pynomaly', 'sentio', 'auth-python'].includes(name),
  )
  DIALECTS: string = 'pynomaly,sentio,auth-python';
  @Switch('on', 'off') DOCS?: boolean;
  @Switch('true', 'false') DEBUG_HEADERS: boolean = false;
  @Text('must be at least 16 characters', (text) => text.length >= 16) METRICS_TOKEN?: string;
}
