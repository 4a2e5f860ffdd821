export type SigningAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | 'HS256';

export abstract class ProcessSettings {
  abstract readonly mode: 'development' | 'production' | 'test';
  abstract readonly host: string;
  abstract readonly port: number;
  /** Where users reach the service; no slash at its end. The only base for links. */
  abstract readonly publicUrl: string;
  abstract readonly logLevel: string;
  abstract readonly trustedProxies: readonly string[];
  abstract readonly corsOrigins: readonly string[];
  abstract readonly docs: boolean;
  abstract readonly authEnabled: boolean;
}

export abstract class StoreSettings {
  /** Absent: an embedded PostgreSQL in `dataDir`. */
  abstract readonly databaseUrl: string | undefined;
  abstract readonly poolSize: number;
  abstract readonly dataDir: string;
  abstract readonly redisUrl: string | undefined;
  /** 32 bytes in base64. Absent in development: made and kept in `dataDir`. */
  abstract readonly masterKey: string | undefined;
}

export abstract class TokenSettings {
  abstract readonly algorithm: SigningAlgorithm;
  /** PEM; absent: a key is made and kept encrypted in the database. */
  abstract readonly privateKey: string | undefined;
  abstract readonly sharedSecret: string | undefined;
  abstract readonly issuer: string;
  abstract readonly audience: string;
  abstract readonly accessSeconds: number;
  /** Lives of sessions, by how surely their user was known at sign-in (NIST 800-63B: AAL1, AAL2). */
  abstract readonly lifetimes: Readonly<Record<'aal1' | 'aal2', { idleSeconds: number; absoluteSeconds: number }>>;
  abstract readonly refreshGraceSeconds: number;
  /** How long a signing key is used before the next takes over; 0: until somebody says so. */
  abstract readonly keyRotationSeconds: number;
  abstract readonly apiKeyPrefix: string;
}

export abstract class SignInSettings {
  abstract readonly emailVerification: 'optional' | 'required';
  abstract readonly passwordAlgorithm: 'argon2id' | 'bcrypt';
  abstract readonly passwordMinLength: number;
  abstract readonly passwordPhraseLength: number;
  /** Where passwords are looked up that were published (a range API, by k-anonymity); absent: nowhere. */
  abstract readonly breachedPasswordsUrl: string | undefined;
  /** How long a mailed link that resets a password is good. */
  abstract readonly passwordResetSeconds: number;
  /** How long a link or code that proves an address is good. */
  abstract readonly emailVerifySeconds: number;
  abstract readonly invitationSeconds: number;
  /** How long after proving who they are users may do what is dangerous. */
  abstract readonly stepUpSeconds: number;
  /** For how long after a sign-in a device is known as one that has signed in. */
  abstract readonly knownDeviceSeconds: number;
}

/** In the order in which they are offered. */
export const SECOND_FACTOR_METHODS = ['totp', 'sms', 'email', 'backup_codes'] as const;
export type SecondFactorMethod = (typeof SECOND_FACTOR_METHODS)[number];

/** How second factors are asked for. */
export abstract class MfaSettings {
  /** How long after a right password the second factor may be shown. */
  abstract readonly challengeSeconds: number;
  /** How long a code that was sent is good. */
  abstract readonly codeSeconds: number;
  /** What may be enrolled, and used. */
  abstract readonly methods: readonly SecondFactorMethod[];
  /** What authenticator apps call this service. */
  abstract readonly issuer: string;
  /** For how long after a reset by mail a code by mail proves nothing more. */
  abstract readonly emailHoldSeconds: number;
  /** How long a trusted device spares its user the second factor. */
  abstract readonly trustedDeviceSeconds: number;
}

/** How text messages leave. */
export type SmsProvider =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'twilio';
      readonly accountSid: string;
      readonly authToken: string;
      /** In E.164. */
      readonly from: string;
      /** No slash at its end. */
      readonly baseUrl: string;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

export abstract class SmsSettings {
  abstract readonly provider: SmsProvider;
  /** Where messages are left as files, where they do not leave. */
  abstract readonly folder: string;
}

/** How wrong passwords are answered for (decision 3 of the security requirements). */
export abstract class LockoutSettings {
  /** Failures from one source before it has to wait. */
  abstract readonly threshold: number;
  /** Whether a source is a network, or everybody together. */
  abstract readonly scope: 'source' | 'account';
  /** The first wait; each further failure doubles it, up to the longest. */
  abstract readonly firstDelaySeconds: number;
  abstract readonly longestDelaySeconds: number;
  /** Consecutive failures from anywhere that end sign-in by password until recovery. */
  abstract readonly stopAfter: number;
}

/** How many passwords are hashed at once, and how many may wait for their turn. */
export abstract class HashingSettings {
  abstract readonly concurrency: number;
  abstract readonly queue: number;
}

/** How much each signal adds to the risk score of a sign-in. */
export abstract class RiskSettings {
  abstract readonly weights: RiskWeights;
  /** A list of addresses with a bad name; absent: none. */
  abstract readonly reputationFile: string | undefined;
}

export const RISK_SIGNALS = [
  'new_device',
  'new_network',
  'impossible_pace',
  'recent_failures',
  'reputation',
  'honeypot',
] as const;
export type RiskSignal = (typeof RISK_SIGNALS)[number];
export type RiskWeights = Readonly<Record<RiskSignal, number>>;

/** So many requests in so many seconds, and so many of them at once. */
export type Rate = { readonly count: number; readonly seconds: number; readonly burst: number };

/** How many requests are answered. */
export abstract class LimitSettings {
  /** false: all of them. */
  abstract readonly enabled: boolean;
  abstract readonly rates: Readonly<Record<LimitName, Rate>>;
}

/** Who opens tenants, and how long deleted ones are kept. */
export abstract class TenantSettings {
  /** Who opens one beside the first, which comes with the account. */
  abstract readonly creation: 'everyone' | 'administrators';
  /** For how long a deleted tenant can be had back. */
  abstract readonly deletionGraceSeconds: number;
}

export type LimitName =
  | 'login'
  | 'register'
  | 'step_up'
  | 'mfa'
  | 'factors'
  | 'password_change'
  | 'unlock'
  | 'password_reset'
  | 'email_resend'
  | 'email_change'
  | 'mailed_link'
  | 'invite'
  | 'tenants'
  | 'personal_data'
  | 'audit_export'
  | 'audit_verify'
  | 'oauth'
  | 'oauth_callback'
  | 'mail'
  | 'mail_day'
  | 'mail_tenant'
  | 'sms'
  | 'sms_day'
  | 'sms_tenant'
  | 'sms_country'
  | 'api_key'
  | 'bad_api_key'
  | 'account'
  | 'tenant'
  | 'global';

/** What is kept of how much tenants use. */
export abstract class UsageSettings {
  abstract readonly keptDays: number;
}

/** A provider people may sign in with. */
export type ProviderSettings = {
  readonly kind: 'google' | 'github' | 'oidc';
  /** As it stands in addresses. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Of OIDC: exactly as its metadata say. Of GitHub: its base address, without a slash at its end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Whether its word is taken that an address is the user's; of Google it depends on the address. */
  readonly trustEmail: boolean;
};

export abstract class FederationSettings {
  abstract readonly providers: readonly ProviderSettings[];
  /** Where browsers are sent after a sign-in: origins, and whole addresses for exactly these. */
  abstract readonly redirectTargets: readonly string[];
  /** Whether tokens of providers are kept, sealed. */
  abstract readonly keepProviderTokens: boolean;
}

/** Where the service itself may go. */
export abstract class OutboundSettings {
  /** Addresses and CIDR blocks that are not public, and are gone to all the same. */
  abstract readonly allowedNetworks: readonly string[];
}

export abstract class AuditSettings {
  /** How long events stay in the database before their month may be archived; absent: for ever. */
  abstract readonly retentionSeconds: number | undefined;
  /** Where archives are put. */
  abstract readonly archiveFolder: string;
}

export abstract class MailSettings {
  /** Absent: mails are files in `folder`. */
  abstract readonly smtpUrl: string | undefined;
  abstract readonly from: string;
  abstract readonly folder: string;
}

/** All settings, read once and frozen. An abstract class, so that it is its own injection token. */
export abstract class Settings {
  abstract readonly process: ProcessSettings;
  abstract readonly store: StoreSettings;
  abstract readonly tokens: TokenSettings;
  abstract readonly signIn: SignInSettings;
  abstract readonly mfa: MfaSettings;
  abstract readonly mail: MailSettings;
  abstract readonly sms: SmsSettings;
  abstract readonly tenants: TenantSettings;
  abstract readonly lockout: LockoutSettings;
  abstract readonly hashing: HashingSettings;
  abstract readonly risk: RiskSettings;
  abstract readonly limits: LimitSettings;
  abstract readonly usage: UsageSettings;
  abstract readonly audit: AuditSettings;
  abstract readonly federation: FederationSettings;
  abstract readonly outbound: OutboundSettings;
}
