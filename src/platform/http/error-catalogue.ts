import type { ErrorCode } from '../../kernel/domain-error';

export type ErrorEntry = {
  readonly status: number;
  readonly title: string;
  /** For the page at /docs/errors. */
  readonly cause: string;
  readonly cure: string;
};

const entry = (status: number, title: string, cause: string, cure: string): ErrorEntry => ({
  status,
  title,
  cause,
  cure,
});

const SIGN_IN_AGAIN = 'Sign in again.';
const TRY_LATER = 'Try again after the seconds of the Retry-After header.';

/** The one place where a code gets its HTTP status and its words. A new code does not compile until it is here. */
export const ERROR_CATALOGUE: Readonly<Record<ErrorCode, ErrorEntry>> = {
  MALFORMED_REQUEST: entry(
    400,
    'The request could not be read',
    'The body is not valid JSON or form data in UTF-8, is nested too deeply, names a field twice, or the path or query holds characters that no value has.',
    'Send well-formed JSON as the route describes.',
  ),
  CREDENTIALS_AMBIGUOUS: entry(
    400,
    'More than one credential was sent',
    'The request carries two different credentials.',
    'Send one access token, API key or refresh cookie.',
  ),
  TOKEN_INVALID_OR_EXPIRED: entry(
    400,
    'The link or code is not valid',
    'A one-time link or code was used before, has expired, or never was.',
    'Ask for a new one.',
  ),
  OAUTH_STATE_INVALID: entry(
    400,
    'The sign-in could not be matched',
    'The answer of the identity provider belongs to no sign-in begun in this browser.',
    'Begin the sign-in again.',
  ),
  TOKEN_MISSING: entry(
    401,
    'No credential was sent',
    'The route needs an access token or an API key.',
    'Send `Authorization: Bearer <access token>`.',
  ),
  TOKEN_INVALID: entry(
    401,
    'Token is not valid',
    'The access token is not one of ours, was altered, or its session has ended.',
    SIGN_IN_AGAIN,
  ),
  TOKEN_EXPIRED: entry(
    401,
    'Token has expired',
    'The access token was good and its time is over.',
    'Exchange the refresh token at POST /auth/refresh.',
  ),
  INVALID_CREDENTIALS: entry(
    401,
    'Sign-in refused',
    'Wrong username or password, or the account cannot sign in yet.',
    'Check both; if the account is new, follow the mail we sent.',
  ),
  MFA_REQUIRED: entry(
    401,
    'A second factor is required',
    'The tenant demands a second factor, the account has one, and the session has not shown it.',
    'Show it at POST /auth/step-up.',
  ),
  MFA_CODE_INVALID: entry(
    401,
    'The code is not valid',
    'The code is wrong, was used before, or has expired; or the sign-in it was shown for is over.',
    'Enter the current code; after five wrong ones, or some minutes, sign in again.',
  ),
  API_KEY_INVALID: entry(
    401,
    'API key is not valid',
    'The key is unknown, was revoked, or has expired.',
    'Use a current key.',
  ),
  REFRESH_TOKEN_INVALID: entry(
    401,
    'Refresh token is not valid',
    'The refresh token is unknown, was used before, or its session has ended.',
    SIGN_IN_AGAIN,
  ),
  INSUFFICIENT_PERMISSIONS: entry(
    403,
    'Not permitted',
    'The caller is known but lacks the permission this needs.',
    'Ask an administrator of the tenant for a role that grants it.',
  ),
  STEP_UP_REQUIRED: entry(
    403,
    'A fresh sign-in is required',
    'The sign-in is too old for an operation this sensitive, or the account has a second factor that the session has not shown lately.',
    'Prove the password or, where the account has a second factor, that at POST /auth/step-up.',
  ),
  TENANT_SUSPENDED: entry(403, 'The tenant is suspended', 'An operator suspended the tenant.', 'Ask the operator.'),
  QUOTA_EXCEEDED: entry(
    403,
    'A limit of the tenant is reached',
    'The tenant has as many of these as it may, or has had as many in a day; a Retry-After header says when the day ends.',
    'Remove some, wait for the next day, or ask the operator for a higher limit.',
  ),
  CROSS_SITE_REQUEST: entry(
    403,
    'Refused from another site',
    'A cookie was sent from a page of another site.',
    'Call from an origin in CORS_ORIGINS, or send the token in the body.',
  ),
  MFA_ENROLMENT_REQUIRED: entry(
    403,
    'A second factor must be set up',
    'The tenant demands a second factor and the account has none.',
    'Set one up, for instance at POST /mfa/totp/setup.',
  ),
  NOT_FOUND: entry(
    404,
    'Not found',
    'There is no such thing, or it is not yours to see.',
    'Check the path and the id.',
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    'Method not allowed',
    'The path exists, but not with this method.',
    'Use a method of the Allow header.',
  ),
  EMAIL_TAKEN: entry(
    409,
    'E-mail address is taken',
    'Another account has this address.',
    'Sign in, or use another address.',
  ),
  USERNAME_TAKEN: entry(409, 'Username is taken', 'Another account has this username.', 'Choose another.'),
  CONFLICT: entry(
    409,
    'Conflict',
    'The change contradicts the present state.',
    'Read the present state and decide again.',
  ),
  LAST_OWNER: entry(
    409,
    'The last owner must stay',
    'A tenant always has an owner.',
    'Make somebody else an owner first.',
  ),
  LAST_FACTOR_REQUIRED: entry(
    409,
    'The last factor must stay',
    'A tenant of the user demands a second factor.',
    'Add another factor first.',
  ),
  BODY_TOO_LARGE: entry(413, 'Body is too large', 'The body is over 100 KiB.', 'Send less.'),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'Content type is not supported',
    'The body is not application/json in UTF-8, or is compressed.',
    'Send `Content-Type: application/json`; sign-in also takes form data.',
  ),
  VALIDATION_FAILED: entry(
    422,
    'Some values are not acceptable',
    'The request is well-formed, but a field is missing, unknown, or breaks a rule.',
    'See `errors`: each names a field, a code and what to do.',
  ),
  RATE_LIMIT_EXCEEDED: entry(
    429,
    'Too many requests',
    'More requests, or more wrong codes, came than the limit allows.',
    TRY_LATER,
  ),
  HEADERS_TOO_LARGE: entry(431, 'Headers are too large', 'The headers are over 16 KiB.', 'Send fewer headers.'),
  REQUEST_TIMEOUT: entry(
    408,
    'The request took too long to arrive',
    'The client was too slow.',
    'Send the request again.',
  ),
  DEPENDENCY_UNAVAILABLE: entry(
    503,
    'Temporarily unavailable',
    'Something this service stands on does not answer. Nothing was changed.',
    TRY_LATER,
  ),
  OVERLOADED: entry(503, 'Too busy', 'More work is waiting than can be done soon. Nothing was changed.', TRY_LATER),
  INTERNAL_ERROR: entry(500, 'Something went wrong', 'A defect of this service.', 'Report it with the request id.'),
};

/** Where a code is documented, below the public address. */
export function errorAnchor(code: ErrorCode): string {
  return code.toLowerCase().replaceAll('_', '-');
}
