import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Origin, RequestContext } from '../platform/http/request-context';

const USER_AGENT_MAX = 512;
const ACCEPT_LANGUAGE_MAX = 64;

/**
 * Carries each request's origin along. A hook of the server, not an interceptor: guards refuse before those run.
 * Entered twice, because what follows the reading of a body runs where the socket's data came in.
 */
export function carryRequestContext(fastify: FastifyInstance, context: RequestContext): void {
  const origins = new WeakMap<FastifyRequest, Origin>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const origin = originOf(request);
    origins.set(request, origin);
    void reply.header('X-Request-ID', request.id);
    context.run(origin, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    context.run(origins.get(request) ?? originOf(request), done);
  });
}

function originOf({ id, ip, socket, headers }: FastifyRequest): Origin {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? null) : ip;
  return {
    requestId: id,
    // An IPv4 peer on a socket for both families is written as IPv6; it is one address all the same.
    ipAddress: address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null,
    userAgent: headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
    acceptLanguage: headers['accept-language']?.slice(0, ACCEPT_LANGUAGE_MAX) ?? null,
    actor: 'anonymous',
  };
}
