import { ERROR_CATALOGUE } from '../../src/platform/http/error-catalogue';
import { aDatabase } from '../support/database';
import { cleanUp, startServer } from '../support/process';

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};
type Media = {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: { readonly [name: string]: unknown } }>>;
};
type Content = Readonly<Record<string, Media>>;
type Operation = {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
};

const BOTH: NonNullable<Operation['security']> = [{ bearer: [] }, { 'api-key': [] }];
const BY_SESSION: NonNullable<Operation['security']> = [{ bearer: [] }];
const BY_KEY: NonNullable<Operation['security']> = [{ 'api-key': [] }];
const BODY = ['MALFORMED_REQUEST', 'VALIDATION_FAILED', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const FACTOR = ['MFA_REQUIRED', 'MFA_ENROLMENT_REQUIRED'];
const CREDENTIAL = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'API_KEY_INVALID',
  'CREDENTIALS_AMBIGUOUS',
  'QUOTA_EXCEEDED',
];

type Promised = {
  readonly route: string;
  readonly success: string;
  /** What the answer holds; none: it has no body. */
  readonly fields: readonly string[];
  /** What the request may hold. */
  readonly body?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly codes?: readonly string[];
  /** Whether the body may be a form. */
  readonly form?: boolean;
};

const TOKEN_PAIR = [
  'access_token',
  'refresh_token',
  'token_type',
  'expires_in',
  'refresh_expires_in',
  'scope',
  'session_id',
  'tenant_id',
  'mfa_enrolment_required',
];
/** What a right password is answered with where there is a second factor. */
const CHALLENGE = ['mfa_required', 'challenge_id', 'mfa_token', 'available_methods', 'expires_in', 'message'];
const USER = [
  'id',
  'email',
  'username',
  'first_name',
  'last_name',
  'email_verified',
  'status',
  'created_at',
  'last_login_at',
];
const MEMBER = [...USER, 'roles'];
const SIGN_IN = ['username', 'password', 'tenant', 'remember_device', 'website_url'];
const PROFILE = ['username', 'first_name', 'last_name'];
const API_KEY = [
  'id',
  'owner_id',
  'name',
  'description',
  'prefix',
  'scopes',
  'permissions',
  'created_at',
  'expires_at',
  'last_used_at',
  'allowed_ips',
  'successor_id',
];
const TRUSTED_DEVICE = ['id', 'name', 'ip_address', 'created_at', 'last_used_at', 'expires_at', 'current'];
const POLICY = [
  'refresh_from_new_device',
  'mfa_required',
  'mfa_required_roles',
  'mfa_above_risk',
  'password_history',
  'mail_name',
  'mail_sender',
];
const ROLE = ['id', 'name', 'description', 'permissions', 'built_in', 'created_at', 'updated_at'];
const RESOURCE = ['resource', 'description', 'actions', 'permissions', 'built_in'];
const TENANT = ['id', 'name', 'slug', 'kind', 'status', 'created_at', 'updated_at', 'purge_after'];
const LIMITS = [
  'max_users',
  'max_api_keys',
  'max_roles',
  'max_requests_per_day',
  'max_mails_per_day',
  'max_sms_per_day',
];
const LINKED_ACCOUNT = ['provider', 'name', 'email', 'linked_at', 'last_login_at'];
const INVITATION = ['id', 'email', 'role', 'invited_by', 'status', 'created_at', 'expires_at'];

/** Every route of this version, as the contract has it. */
const PROMISED: readonly Promised[] = [
  { route: 'get /api/v1/auth/oauth/providers', success: '200', fields: ['items'] },
  {
    route: 'get /api/v1/auth/oauth/{provider}/login',
    success: '200',
    fields: ['authorization_url', 'state'],
    codes: ['NOT_FOUND', 'VALIDATION_FAILED', 'STEP_UP_REQUIRED', 'TOKEN_MISSING', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'get /api/v1/auth/oauth/{provider}/callback',
    success: '200',
    fields: [],
    codes: ['OAUTH_STATE_INVALID', 'INVALID_CREDENTIALS', 'EMAIL_TAKEN', 'CONFLICT', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'post /api/v1/auth/oauth/callback',
    success: '200',
    fields: [...TOKEN_PAIR, ...CHALLENGE, ...LINKED_ACCOUNT],
    body: ['provider', 'code', 'state', 'iss'],
    codes: ['OAUTH_STATE_INVALID', 'INVALID_CREDENTIALS', 'EMAIL_TAKEN', 'CONFLICT', 'DEPENDENCY_UNAVAILABLE'],
  },
  { route: 'get /api/v1/auth/oauth/links', success: '200', fields: ['items'], security: BY_SESSION },
  {
    route: 'delete /api/v1/auth/oauth/links/{provider}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['NOT_FOUND', 'CONFLICT', 'STEP_UP_REQUIRED'],
  },
  {
    route: 'get /api/v1/auth/oauth/links/{provider}/tokens',
    success: '200',
    fields: ['access_token', 'refresh_token', 'expires_at', 'scope'],
    security: BY_SESSION,
    codes: ['NOT_FOUND', 'STEP_UP_REQUIRED'],
  },
  {
    route: 'post /api/v1/auth/register',
    success: '201',
    fields: ['user', 'email_verification'],
    body: ['email', 'password', 'username', 'first_name', 'last_name', 'tenant_name', 'website_url'],
    codes: ['EMAIL_TAKEN', 'USERNAME_TAKEN', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  {
    route: 'post /api/v1/auth/login',
    success: '200',
    fields: [...TOKEN_PAIR, ...CHALLENGE],
    body: SIGN_IN,
    form: true,
    codes: ['INVALID_CREDENTIALS', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  {
    route: 'post /api/v1/auth/token',
    success: '200',
    fields: [...TOKEN_PAIR, ...CHALLENGE],
    body: SIGN_IN,
    form: true,
    codes: ['INVALID_CREDENTIALS'],
  },
  {
    route: 'post /api/v1/auth/mfa/challenge/verify',
    success: '200',
    fields: [...TOKEN_PAIR, 'device_token'],
    body: ['challenge_id', 'method', 'code', 'remember_device'],
    codes: ['MFA_CODE_INVALID', 'CROSS_SITE_REQUEST', 'RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE', 'OVERLOADED'],
  },
  {
    route: 'post /api/v1/auth/mfa/challenge/send',
    success: '202',
    fields: [],
    body: ['challenge_id', 'method'],
    codes: ['RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'post /api/v1/auth/refresh',
    success: '200',
    fields: TOKEN_PAIR,
    body: ['refresh_token'],
    codes: ['REFRESH_TOKEN_INVALID', 'CROSS_SITE_REQUEST'],
  },
  {
    route: 'post /api/v1/auth/logout',
    success: '204',
    fields: [],
    body: ['refresh_token'],
    security: BY_SESSION,
    codes: ['TOKEN_MISSING', 'REFRESH_TOKEN_INVALID'],
  },
  {
    route: 'get /api/v1/auth/me',
    success: '200',
    fields: [...USER, 'tenant', 'roles', 'permissions', 'mfa_enabled'],
    security: BOTH,
  },
  {
    route: 'post /api/v1/auth/password/change',
    success: '204',
    fields: [],
    body: ['current_password', 'new_password'],
    security: BY_SESSION,
    codes: ['INVALID_CREDENTIALS', 'STEP_UP_REQUIRED'],
  },
  {
    route: 'post /api/v1/auth/password-reset/request',
    success: '202',
    fields: [],
    body: ['email'],
    codes: ['RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'post /api/v1/auth/password-reset/confirm',
    success: '204',
    fields: [],
    body: ['token', 'email', 'code', 'new_password'],
    codes: ['TOKEN_INVALID_OR_EXPIRED', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  {
    route: 'post /api/v1/auth/email/verify',
    success: '204',
    fields: [],
    body: ['token', 'email', 'code'],
    codes: ['TOKEN_INVALID_OR_EXPIRED', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/email/verify/resend',
    success: '202',
    fields: [],
    body: ['email'],
    codes: ['RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'post /api/v1/auth/email/change',
    success: '202',
    fields: [],
    body: ['new_email'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/email/change/confirm',
    success: '204',
    fields: [],
    body: ['token', 'email', 'code'],
    codes: ['TOKEN_INVALID_OR_EXPIRED', 'EMAIL_TAKEN', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/email/change/undo',
    success: '204',
    fields: [],
    body: ['token'],
    codes: ['TOKEN_INVALID_OR_EXPIRED', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/switch-tenant',
    success: '200',
    fields: TOKEN_PAIR,
    body: ['tenant'],
    security: BY_SESSION,
    codes: ['NOT_FOUND', 'TENANT_SUSPENDED'],
  },
  {
    route: 'post /api/v1/auth/step-up',
    success: '200',
    fields: ['access_token', 'token_type', 'expires_in'],
    body: ['password', 'method', 'code'],
    security: BY_SESSION,
    codes: ['INVALID_CREDENTIALS', 'MFA_CODE_INVALID'],
  },
  {
    route: 'post /api/v1/mfa/sms/setup',
    success: '200',
    fields: ['sent', 'expires_in'],
    body: ['phone_number'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/mfa/sms/verify',
    success: '200',
    fields: ['enabled'],
    body: ['sms_code'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'MFA_CODE_INVALID', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/mfa/email/setup',
    success: '200',
    fields: ['sent', 'expires_in'],
    body: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/mfa/email/verify',
    success: '200',
    fields: ['enabled'],
    body: ['email_code'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'MFA_CODE_INVALID', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/step-up/send',
    success: '202',
    fields: [],
    body: ['method'],
    security: BY_SESSION,
    codes: ['RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    route: 'post /api/v1/auth/introspect',
    success: '200',
    fields: ['active', 'sub', 'sid', 'tid', 'exp', 'permissions'],
    body: ['token', 'token_type_hint'],
    form: true,
    security: BY_KEY,
    codes: ['INSUFFICIENT_PERMISSIONS'],
  },
  { route: 'post /api/v1/auth/revoke', success: '200', fields: [], body: ['token', 'token_type_hint'], form: true },
  { route: 'get /api/v1/auth/sessions', success: '200', fields: ['items'], security: BY_SESSION },
  {
    route: 'delete /api/v1/auth/sessions',
    success: '200',
    fields: ['revoked'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED'],
  },
  {
    route: 'delete /api/v1/auth/sessions/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  },
  {
    route: 'post /api/v1/api-keys',
    success: '201',
    fields: [...API_KEY, 'key'],
    body: ['name', 'description', 'scopes', 'permissions', 'expires_at', 'allowed_ips'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'QUOTA_EXCEEDED'],
  },
  { route: 'get /api/v1/api-keys', success: '200', fields: ['items', 'next_cursor'], security: BY_SESSION },
  {
    route: 'get /api/v1/api-keys/{id}',
    success: '200',
    fields: API_KEY,
    security: BY_SESSION,
    codes: ['NOT_FOUND'],
  },
  {
    route: 'patch /api/v1/api-keys/{id}',
    success: '200',
    fields: API_KEY,
    body: ['name', 'description', 'scopes', 'permissions', 'allowed_ips'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'post /api/v1/api-keys/{id}/rotate',
    success: '201',
    fields: [...API_KEY, 'key'],
    body: ['overlap_seconds'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'QUOTA_EXCEEDED', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'delete /api/v1/api-keys/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  },
  {
    route: 'get /api/v1/roles',
    success: '200',
    fields: ['items', 'next_cursor'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_FAILED'],
  },
  {
    route: 'post /api/v1/roles',
    success: '201',
    fields: ROLE,
    body: ['name', 'description', 'permissions'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'CONFLICT', 'QUOTA_EXCEEDED'],
  },
  {
    route: 'get /api/v1/roles/{id}',
    success: '200',
    fields: ROLE,
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'put /api/v1/roles/{id}',
    success: '200',
    fields: ROLE,
    body: ['name', 'description', 'permissions'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'delete /api/v1/roles/{id}',
    success: '204',
    fields: [],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'get /api/v1/permissions',
    success: '200',
    fields: ['items', 'next_cursor'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_FAILED'],
  },
  {
    route: 'post /api/v1/permissions',
    success: '201',
    fields: RESOURCE,
    body: ['resource', 'description', 'actions'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'CONFLICT', 'QUOTA_EXCEEDED'],
  },
  {
    route: 'put /api/v1/permissions/{resource}',
    success: '200',
    fields: RESOURCE,
    body: ['description', 'actions'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'delete /api/v1/permissions/{resource}',
    success: '204',
    fields: [],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'post /api/v1/authz/check',
    success: '200',
    fields: ['permission', 'allowed', 'reason', 'via', 'results'],
    body: ['permission', 'checks'],
    security: BOTH,
  },
  {
    route: 'get /api/v1/tenants/{id}/policy',
    success: '200',
    fields: POLICY,
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'patch /api/v1/tenants/{id}/policy',
    success: '200',
    fields: POLICY,
    body: POLICY,
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  },
  { route: 'get /api/v1/auth/audit-logs', success: '200', fields: ['items', 'next_cursor'], security: BY_SESSION },
  ...['get /api/v1/audit-logs', 'get /api/v1/auth/audit-logs/all'].map((route) => ({
    ...{ route, success: '200', fields: ['items', 'next_cursor'], security: BOTH },
    codes: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_FAILED', 'DEPENDENCY_UNAVAILABLE'],
  })),
  {
    ...{ route: 'get /api/v1/audit-logs/export', success: '200', fields: [], security: BOTH },
    codes: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_FAILED', 'RATE_LIMIT_EXCEEDED', 'DEPENDENCY_UNAVAILABLE'],
  },
  {
    ...{ route: 'get /api/v1/audit-logs/summary', success: '200', fields: ['from', 'to', 'items'], security: BOTH },
    codes: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_FAILED'],
  },
  {
    route: 'get /api/v1/audit-logs/verify',
    success: '200',
    fields: [
      ...['verified', 'events', 'last_seal', 'first_bad', 'findings', 'unsealed', 'from_seal', 'complete', 'next_seal'],
    ],
    security: BOTH,
    codes: ['VALIDATION_FAILED', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  {
    route: 'get /api/v1/audit-logs/{id}/proof',
    success: '200',
    fields: ['event', 'personal', 'seal', 'signature', 'leaf_index', 'path', 'public_key'],
    security: BOTH,
    codes: ['NOT_FOUND', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  { route: 'get /api/v1/users/me', success: '200', fields: USER, security: BY_SESSION },
  {
    route: 'get /api/v1/users/me/export',
    success: '200',
    fields: ['exported_at', 'data'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'delete /api/v1/users/me',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'LAST_OWNER', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'patch /api/v1/users/me',
    success: '200',
    fields: USER,
    body: PROFILE,
    security: BY_SESSION,
    codes: ['USERNAME_TAKEN'],
  },
  { route: 'get /api/v1/users', success: '200', fields: ['items', 'next_cursor'], security: BOTH },
  {
    route: 'post /api/v1/users',
    success: '201',
    fields: MEMBER,
    body: ['email', 'password', 'role', ...PROFILE],
    security: BY_SESSION,
    codes: ['EMAIL_TAKEN', 'USERNAME_TAKEN', 'STEP_UP_REQUIRED', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  { route: 'get /api/v1/users/{id}', success: '200', fields: MEMBER, security: BOTH, codes: ['NOT_FOUND'] },
  ...['put', 'patch'].map((method) => ({
    route: `${method} /api/v1/users/{id}`,
    success: '200',
    fields: MEMBER,
    body: PROFILE,
    security: BY_SESSION,
    codes: ['NOT_FOUND', 'CONFLICT', 'USERNAME_TAKEN', 'STEP_UP_REQUIRED'],
  })),
  {
    route: 'delete /api/v1/users/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['NOT_FOUND', 'CONFLICT', 'LAST_OWNER', 'STEP_UP_REQUIRED'],
  },
  ...['lock', 'unlock', 'disable', 'enable', 'sign-out', 'reset-mfa'].map((action) => ({
    route: `post /api/v1/users/{id}/${action}`,
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'STEP_UP_REQUIRED'],
  })),
  {
    route: 'post /api/v1/users/invite',
    success: '201',
    fields: INVITATION,
    body: ['email', 'role'],
    security: BY_SESSION,
    codes: ['INSUFFICIENT_PERMISSIONS', 'STEP_UP_REQUIRED', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  { route: 'get /api/v1/users/invitations', success: '200', fields: ['items', 'next_cursor'], security: BOTH },
  {
    route: 'delete /api/v1/users/invitations/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  },
  {
    route: 'post /api/v1/users/invitations/{id}/resend',
    success: '202',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'NOT_FOUND', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/auth/invitations/accept',
    success: '200',
    fields: [...TOKEN_PAIR, ...CHALLENGE],
    body: ['token', 'email', 'code', 'password', 'first_name', 'last_name'],
    codes: [
      'TOKEN_INVALID_OR_EXPIRED',
      'INVALID_CREDENTIALS',
      'TOKEN_MISSING',
      'INSUFFICIENT_PERMISSIONS',
      'QUOTA_EXCEEDED',
      'EMAIL_TAKEN',
      'RATE_LIMIT_EXCEEDED',
      'OVERLOADED',
    ],
  },
  { route: 'get /api/v1/mfa/trusted-devices', success: '200', fields: ['items'], security: BY_SESSION },
  {
    route: 'patch /api/v1/mfa/trusted-devices/{id}',
    success: '200',
    fields: TRUSTED_DEVICE,
    body: ['name'],
    security: BY_SESSION,
    codes: ['NOT_FOUND'],
  },
  {
    route: 'delete /api/v1/mfa/trusted-devices/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['NOT_FOUND'],
  },
  {
    route: 'get /api/v1/mfa/status',
    success: '200',
    fields: ['enabled', 'methods', 'backup_codes_remaining', 'required'],
    security: BY_SESSION,
  },
  {
    route: 'post /api/v1/mfa/totp/setup',
    success: '200',
    fields: ['secret', 'manual_entry_key', 'otpauth_url', 'qr_code_url', 'qr_code', 'backup_codes'],
    body: ['app_name', 'issuer'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  {
    route: 'post /api/v1/mfa/totp/verify',
    success: '200',
    fields: ['enabled'],
    body: ['totp_code'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'MFA_CODE_INVALID', 'CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'post /api/v1/mfa/backup-codes/regenerate',
    success: '200',
    fields: ['backup_codes'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'CONFLICT', 'RATE_LIMIT_EXCEEDED', 'OVERLOADED'],
  },
  ...['delete /api/v1/mfa/totp', 'delete /api/v1/mfa/sms', 'delete /api/v1/mfa/email', 'post /api/v1/mfa/disable'].map(
    (route) => ({
      route,
      success: '204',
      fields: [],
      body: ['password', 'code'],
      security: BY_SESSION,
      codes: [
        'STEP_UP_REQUIRED',
        'INVALID_CREDENTIALS',
        'MFA_CODE_INVALID',
        'NOT_FOUND',
        'LAST_FACTOR_REQUIRED',
        'RATE_LIMIT_EXCEEDED',
        'OVERLOADED',
      ] as const,
    }),
  ),
  { route: 'get /.well-known/jwks.json', success: '200', fields: ['keys'] },
  {
    route: 'get /.well-known/oauth-authorization-server',
    success: '200',
    fields: ['issuer', 'jwks_uri', 'token_endpoint', 'revocation_endpoint', 'introspection_endpoint'],
  },
  {
    route: 'get /api/v1/tenants',
    success: '200',
    fields: ['items', 'next_cursor'],
    security: BOTH,
    codes: ['VALIDATION_FAILED'],
  },
  {
    route: 'post /api/v1/tenants',
    success: '201',
    fields: TENANT,
    body: ['name', 'slug'],
    security: BY_SESSION,
    codes: ['CONFLICT', 'RATE_LIMIT_EXCEEDED'],
  },
  {
    route: 'get /api/v1/tenants/{id}',
    success: '200',
    fields: TENANT,
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'patch /api/v1/tenants/{id}',
    success: '200',
    fields: TENANT,
    body: ['name', 'slug'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'delete /api/v1/tenants/{id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'post /api/v1/tenants/{id}/suspend',
    success: '200',
    fields: TENANT,
    body: ['reason'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'post /api/v1/tenants/{id}/reactivate',
    success: '200',
    fields: TENANT,
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'post /api/v1/tenants/{id}/transfer-ownership',
    success: '204',
    fields: [],
    body: ['user_id'],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT'],
  },
  {
    route: 'get /api/v1/tenants/{id}/members',
    success: '200',
    fields: ['items', 'next_cursor'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'VALIDATION_FAILED'],
  },
  {
    route: 'put /api/v1/tenants/{id}/members/{user_id}',
    success: '200',
    fields: MEMBER,
    body: ['roles'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER'],
  },
  {
    route: 'delete /api/v1/tenants/{id}/members/{user_id}',
    success: '204',
    fields: [],
    security: BY_SESSION,
    codes: ['STEP_UP_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER'],
  },
  {
    route: 'get /api/v1/tenants/{id}/limits',
    success: '200',
    fields: [...LIMITS, 'used'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'put /api/v1/tenants/{id}/limits',
    success: '200',
    fields: [...LIMITS, 'used'],
    body: LIMITS,
    security: BY_SESSION,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND'],
  },
  {
    route: 'get /api/v1/tenants/{id}/usage',
    success: '200',
    fields: ['tenant_id', 'from', 'to', 'granularity', 'items'],
    security: BOTH,
    codes: ['INSUFFICIENT_PERMISSIONS', 'NOT_FOUND', 'VALIDATION_FAILED'],
  },
  { route: 'get /health', success: '200', fields: ['status'], codes: ['DEPENDENCY_UNAVAILABLE'] },
  { route: 'get /health/live', success: '200', fields: ['status'] },
  { route: 'get /health/ready', success: '200', fields: ['status'], codes: ['DEPENDENCY_UNAVAILABLE'] },
];

/** What sessions reach that must show a second factor first. That these are all is part of the contract. */
const EVEN_CONFINED = [
  'get /api/v1/auth/me',
  'post /api/v1/auth/logout',
  'post /api/v1/auth/step-up',
  'post /api/v1/auth/step-up/send',
  'post /api/v1/auth/switch-tenant',
  'get /api/v1/mfa/status',
  ...['totp', 'sms', 'email'].flatMap((method) => [
    `post /api/v1/mfa/${method}/setup`,
    `post /api/v1/mfa/${method}/verify`,
  ]),
];

let document: Document;

beforeAll(async () => {
  const server = await startServer({ database: await aDatabase() });
  const answer = await server.client.get('//docs-json');
  expect(answer.status).toBe(200);
  document = JSON.parse(answer.text) as Document;
});
afterAll(cleanUp);

function operations(): readonly [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
}

function operation(route: string): Operation {
  const found = operations().find(([name]) => name === route);
  if (!found) throw new Error(`${route} is not documented`);
  return found[1];
}

function resolved(schema: Schema | undefined): Schema {
  const name = schema?.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? (schema ?? {}) : (document.components.schemas[name] ?? {});
}

/** The names of all fields, also those of the schemas it is made of, or may be one of. */
function fieldsOf(schema: Schema | undefined): string[] {
  const { properties = {}, allOf = [], oneOf = [] } = resolved(schema);
  return [...Object.keys(properties), ...[...allOf, ...oneOf].flatMap(fieldsOf)];
}

/** The codes an operation documents with an example each. */
function codesOf({ responses }: Operation): string[] {
  return Object.values(responses).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  );
}

it('documents every route of the contract, and no other', () => {
  const routes = operations().map(([route]) => route);
  expect(routes.sort()).toEqual(PROMISED.map(({ route }) => route).sort());
});

it('says of every operation what it does, under a heading', () => {
  for (const [route, { summary = '', description = '', tags = [] }] of operations()) {
    expect([route, `${summary}${description}`, tags.length]).toEqual([route, expect.stringMatching(/\w+ \w+/), 1]);
  }
});

it('knows both credentials', () => {
  expect(document.components.securitySchemes).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    'api-key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  });
});

describe.each(PROMISED)('$route', ({ route, success, fields, body, security, form = false, codes = [] }) => {
  it('names the fields of its answer, each with a type', () => {
    const media = operation(route).responses[success]?.content?.['application/json'];
    expect(operation(route).responses).toHaveProperty(success);
    expect(fieldsOf(media?.schema)).toEqual(expect.arrayContaining([...fields]));
    if (fields.length === 0) expect(media).toBeUndefined();
  });

  it('names the fields of its body', () => {
    const content = operation(route).requestBody?.content;
    if (body === undefined) {
      expect(content).toBeUndefined();
      return;
    }
    for (const { schema } of Object.values(content ?? {})) {
      expect(fieldsOf(schema)).toEqual(expect.arrayContaining([...body]));
    }
    const types = form ? ['application/json', 'application/x-www-form-urlencoded'] : ['application/json'];
    expect(Object.keys(content ?? {}).sort()).toEqual(types);
  });

  it('declares the credentials it takes', () => {
    expect(operation(route).security).toEqual(security);
  });

  it('shows each of its error codes in an example', () => {
    const expected = [
      ...codes,
      ...(body ? BODY : []),
      ...(security === undefined || route.endsWith('/logout') ? [] : CREDENTIAL),
    ];
    expect(codesOf(operation(route))).toEqual(expect.arrayContaining(expected));
  });
});

it('says of what is for sessions, and not to get on in, that a second factor may be needed first', () => {
  for (const { route, security } of PROMISED) {
    const isOpen = security === undefined || security === BY_KEY || EVEN_CONFINED.includes(route);
    // An invitation is accepted by a session too, and an identity linked to its account.
    if (route.endsWith('/invitations/accept') || route.endsWith('/{provider}/login')) continue;
    const named = codesOf(operation(route)).filter((code) => FACTOR.includes(code));
    expect([route, named.sort()]).toEqual([route, isOpen ? [] : [...FACTOR].sort()]);
  }
});

it('gives every example of an error under its own code and status, in the shape of an error', () => {
  const shape = Object.keys(document.components.schemas.Problem?.properties ?? {});
  expect(shape).toEqual(
    expect.arrayContaining(['type', 'title', 'status', 'detail', 'error_code', 'timestamp', 'request_id', 'errors']),
  );
  for (const [route, { responses }] of operations()) {
    const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    expect([route, refusals.length]).not.toEqual([route, 0]);
    for (const [status, { description, content }] of refusals) {
      const { schema, examples = {} } = content?.['application/problem+json'] ?? {};
      expect([route, status, schema?.$ref]).toEqual([route, status, '#/components/schemas/Problem']);
      expect([route, status, Object.keys(examples).length]).not.toEqual([route, status, 0]);
      for (const [code, { value }] of Object.entries(examples)) {
        expect(value).toMatchObject({ error_code: code, status: Number(status) });
        expect(ERROR_CATALOGUE).toHaveProperty(code);
        expect(description).toContain(code);
        expect(shape).toEqual(expect.arrayContaining(Object.keys(value)));
      }
    }
  }
});

it('gives every field of every schema a type', () => {
  for (const [name, { properties = {} }] of Object.entries(document.components.schemas)) {
    const untyped = Object.entries(properties).filter(
      ([, schema]) => schema.type === undefined && schema.$ref === undefined && schema.allOf === undefined,
    );
    expect([name, untyped.map(([field]) => field)]).toEqual([name, []]);
  }
});
