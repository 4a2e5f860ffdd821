import type { ErrorCode } from '../../kernel/domain-error';
import { ERROR_CATALOGUE, errorAnchor } from './error-catalogue';

/** The table of the contract: clients switch on these. */
const CONTRACT: readonly [number, string][] = [
  [400, 'MALFORMED_REQUEST CREDENTIALS_AMBIGUOUS TOKEN_INVALID_OR_EXPIRED OAUTH_STATE_INVALID'],
  [401, 'TOKEN_MISSING TOKEN_INVALID TOKEN_EXPIRED INVALID_CREDENTIALS MFA_REQUIRED MFA_CODE_INVALID'],
  [401, 'API_KEY_INVALID REFRESH_TOKEN_INVALID'],
  [403, 'INSUFFICIENT_PERMISSIONS STEP_UP_REQUIRED TENANT_SUSPENDED QUOTA_EXCEEDED CROSS_SITE_REQUEST'],
  [403, 'MFA_ENROLMENT_REQUIRED'],
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [409, 'EMAIL_TAKEN USERNAME_TAKEN CONFLICT LAST_OWNER LAST_FACTOR_REQUIRED'],
  [413, 'BODY_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [422, 'VALIDATION_FAILED'],
  [429, 'RATE_LIMIT_EXCEEDED'],
  [503, 'DEPENDENCY_UNAVAILABLE OVERLOADED'],
];
const PROMISED = CONTRACT.flatMap(([status, codes]) =>
  codes.split(' ').map((code) => [code as ErrorCode, status] as const),
);
const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

describe('the catalogue of errors', () => {
  it.each(PROMISED)('answers %s with %i', (code, status) => {
    expect(ERROR_CATALOGUE[code].status).toBe(status);
  });

  it.each([
    ['HEADERS_TOO_LARGE', 431],
    ['REQUEST_TIMEOUT', 408],
    ['INTERNAL_ERROR', 500],
  ] as const)('answers %s, of the server itself, with %i', (code, status) => {
    expect(ERROR_CATALOGUE[code].status).toBe(status);
  });

  it.each(CODES)('says of %s what it is, why it happened, and what to do', (code) => {
    const { title, cause, cure } = ERROR_CATALOGUE[code];

    expect([title, cause, cure].filter((text) => text.trim() === '')).toEqual([]);
  });

  it('documents every code at a place of its own', () => {
    expect(new Set(CODES.map(errorAnchor)).size).toBe(CODES.length);
    expect(CODES.map(errorAnchor).filter((anchor) => !/^[a-z]+(-[a-z]+)*$/.test(anchor))).toEqual([]);
  });

  it('documents TOKEN_EXPIRED where the contract says', () => {
    expect(errorAnchor('TOKEN_EXPIRED')).toBe('token-expired');
  });
});
