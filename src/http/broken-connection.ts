import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../kernel/domain-error';
import { ERROR_CATALOGUE } from '../platform/http/error-catalogue';
import { PROBLEM_TYPE, problemOf } from '../platform/http/problem.dto';
import { SystemClock } from '../platform/time/clock';
import { PLAIN_HEADERS } from './response-headers';

/** Node's own mark of the answer a socket is busy with, which it goes by itself in the same place. */
type Busy = { readonly _httpMessage?: ServerResponse | null };

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Answers an address that cannot be read, which no route and so no filter ever sees. */
export function answerUnreadableAddress(
  publicUrl: string,
): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  const clock = new SystemClock();
  return (_error, request, reply) => {
    const problem = problemOf({ code: 'MALFORMED_REQUEST', publicUrl, requestId: request.id, at: clock.now() });
    void reply
      .status(problem.status)
      .headers({ 'Content-Type': PROBLEM_TYPE, 'X-Request-ID': request.id, ...PLAIN_HEADERS })
      .send(JSON.stringify(problem));
  };
}

/** Answers what is not HTTP, has too many headers, or comes too slowly: before there is a request, in the shape of every error. */
export function answerBrokenConnection(publicUrl: string): (error: Error & { code?: string }, socket: Socket) => void {
  const clock = new SystemClock();
  return ({ code: cause = '' }, socket) => {
    if (cause === 'ECONNRESET' || socket.destroyed) return;
    const code = CODES[cause] ?? 'MALFORMED_REQUEST';
    const { status, title } = ERROR_CATALOGUE[code];
    const requestId = randomUUID();
    const headers = Object.entries({ ...PLAIN_HEADERS, 'X-Request-ID': requestId }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const body = JSON.stringify(problemOf({ code, publicUrl, requestId, at: clock.now() }));
    // In the middle of another answer this one would be read as a part of it.
    if (socket.writable && (socket as Busy)._httpMessage?.headersSent !== true) {
      socket.write(
        `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n${headers.join('')}` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
    socket.destroySoon();
  };
}
