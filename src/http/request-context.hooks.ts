import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NOTHING, type RowScopes } from '../platform/database/row-scope';
import type { Origin, RequestContext } from '../platform/http/request-context';
import { clientAddress, type Trust } from '../platform/network/client-address';

const USER_AGENT_MAX = 512;
const ACCEPT_LANGUAGE_MAX = 64;

type Carried = { readonly context: RequestContext; readonly scopes: RowScopes };

/**
 * Carries each request's origin along, and that it sees no tenant's rows until a guard says whose. A hook of the
 * server, not an interceptor: guards refuse before those run. Entered twice, because what follows the reading of a body
 * runs where the socket's data came in.
 */
export function carryRequestContext(fastify: FastifyInstance, carried: Carried, isTrusted: Trust): void {
  const { context, scopes } = carried;
  const origins = new WeakMap<FastifyRequest, Origin>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const origin = originOf(request, isTrusted);
    origins.set(request, origin);
    void reply.header('X-Request-ID', request.id);
    context.run(origin, () => {
      scopes.run(NOTHING, done);
    });
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    context.run(origins.get(request) ?? originOf(request, isTrusted), () => {
      scopes.run(NOTHING, done);
    });
  });
}

function originOf({ id, socket, headers }: FastifyRequest, isTrusted: Trust): Origin {
  const forwardedFor = [headers['x-forwarded-for'] ?? []].flat().join(',');
  return {
    requestId: id,
    // The one place where an address is read: limits, sessions and audit all have it from here.
    ipAddress: clientAddress(socket.remoteAddress, forwardedFor, isTrusted),
    userAgent: headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
    acceptLanguage: headers['accept-language']?.slice(0, ACCEPT_LANGUAGE_MAX) ?? null,
    actor: 'anonymous',
    actorId: null,
    apiKeyId: null,
  };
}
