import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorCode, ValidationFailed } from '../kernel/domain-error';
import { ProcessSettings } from '../platform/config/settings';
import { SealBroken } from '../platform/crypto/secret-box';
import { isDatabaseAway } from '../platform/database/failures';
import { ERROR_CATALOGUE } from '../platform/http/error-catalogue';
import { PROBLEM_TYPE, problemOf } from '../platform/http/problem.dto';
import { Log } from '../platform/logging/log';
import { Clock } from '../platform/time/clock';
import { AllowedMethods } from './allowed-methods';
import { PLAIN_HEADERS } from './response-headers';

const RETRY_AFTER_SECONDS = 2;

/** Codes for what the framework itself refuses, by its status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'MALFORMED_REQUEST',
  // Static files answer so to a path that climbs out of their folder.
  403: 'NOT_FOUND',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  414: 'MALFORMED_REQUEST',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  431: 'HEADERS_TOO_LARGE',
};

/** The last hand every error passes: one shape, nothing internal, and a log entry for what nobody foresaw. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly settings: ProcessSettings,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly allowed: AllowedMethods,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const code = this.codeOf(error, request, reply);
    // A refusal is an answer; anything else that ends in a 5xx somebody must look at.
    const isFault = code === 'INTERNAL_ERROR' || error instanceof SealBroken;
    if (isFault) this.log.failure('A request failed', error, { request_id: request.id });
    else if (!(error instanceof DomainError) && ERROR_CATALOGUE[code].status >= 500) {
      this.log.warn(`A dependency is unavailable: ${error instanceof Error ? error.message || error.name : 'unknown'}`);
    }
    this.answer(reply, request.id, code, error);
  }

  private answer(reply: FastifyReply, requestId: string, code: ErrorCode, error: unknown): void {
    const { status } = ERROR_CATALOGUE[code];
    if (status === 401) void reply.header('WWW-Authenticate', challenge(code));
    if (status === 429 || status === 503 || hasEnd(error)) void reply.header('Retry-After', String(retryAfter(error)));
    const problem = problemOf({
      code,
      publicUrl: this.settings.publicUrl,
      requestId,
      at: this.clock.now(),
      detail: error instanceof DomainError ? error.detail : undefined,
      violations: error instanceof ValidationFailed ? error.violations : undefined,
    });
    void reply
      .status(status)
      // Even of what is refused before the hooks that set these (`OPTIONS *`), and where the route's answers may be kept.
      .headers({ 'Content-Type': PROBLEM_TYPE, 'X-Request-ID': requestId, ...PLAIN_HEADERS })
      .send(JSON.stringify(problem));
  }

  private codeOf(error: unknown, request: FastifyRequest, reply: FastifyReply): ErrorCode {
    if (error instanceof DomainError) return error.code;
    // A secret that was moved, altered, or sealed under another MASTER_KEY is as good as none: nothing opens by it.
    if (isDatabaseAway(error) || error instanceof SealBroken) return 'DEPENDENCY_UNAVAILABLE';
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    const code = BY_STATUS[status] ?? 'INTERNAL_ERROR';
    // Where there is no such route, whatever else is wrong with the request comes after that: QUERY without a type, say.
    if (code !== 'NOT_FOUND' && (code === 'INTERNAL_ERROR' || !request.is404)) return code;

    const methods = this.allowed.at(request.url);
    if (methods.length === 0) return 'NOT_FOUND';
    void reply.header('Allow', methods.join(', '));
    return 'METHOD_NOT_ALLOWED';
  }
}

/** Whether the refusal says itself when it ends. */
function hasEnd(error: unknown): boolean {
  return error instanceof DomainError && error.retryAfterSeconds !== undefined;
}

/** RFC 9110, 10.2.3. */
function retryAfter(error: unknown): number {
  return (error instanceof DomainError ? error.retryAfterSeconds : undefined) ?? RETRY_AFTER_SECONDS;
}

function statusOf(error: unknown): number {
  const status = error instanceof Error ? (error as Error & { statusCode?: unknown }).statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

/** RFC 6750, section 3: what kind of credential is wanted, and what was wrong with the one that came. */
function challenge(code: ErrorCode): string {
  const isToken = code === 'TOKEN_INVALID' || code === 'TOKEN_EXPIRED';
  return isToken ? 'Bearer realm="doorward", error="invalid_token"' : 'Bearer realm="doorward"';
}
