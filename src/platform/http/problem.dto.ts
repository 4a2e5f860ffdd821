import type { ErrorCode, Violation } from '../../kernel/domain-error';
import { ERROR_CATALOGUE, errorAnchor } from './error-catalogue';

/** The content type of every error. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** One field that was refused. */
export class ProblemField {
  /** @example "password" */
  field!: string;
  /** @example "PASSWORD_TOO_SHORT" */
  code!: string;
  /** @example "Use at least 8 characters." */
  message!: string;
}

/** The one shape of every error (RFC 9457). */
export class Problem {
  /** The page that explains the code. */
  type!: string;
  title!: string;
  status!: number;
  detail!: string;
  /** Stable: switch on this. */
  error_code!: string;
  /** RFC 3339, UTC. */
  timestamp!: string;
  documentation_url!: string;
  /** Also in the X-Request-ID header. */
  request_id!: string;
  /** On 422 alone. */
  errors?: ProblemField[];
}

export type ProblemParts = {
  readonly code: ErrorCode;
  readonly publicUrl: string;
  readonly requestId: string;
  readonly at: Date;
  readonly detail?: string | undefined;
  readonly violations?: readonly Violation[] | undefined;
};

export function problemOf({ code, publicUrl, requestId, at, detail, violations }: ProblemParts): Problem {
  const { status, title, cause } = ERROR_CATALOGUE[code];
  const url = `${publicUrl}/docs/errors#${errorAnchor(code)}`;
  return {
    type: url,
    title,
    status,
    detail:
      detail ?? (code === 'INVALID_CREDENTIALS' ? `${cause} If the account is new, follow the mail we sent.` : title),
    error_code: code,
    timestamp: at.toISOString(),
    documentation_url: url,
    request_id: requestId,
    ...(violations && {
      errors: violations.map(({ field, code: violation, message }) => ({ field, code: violation, message })),
    }),
  };
}
