import type { FastifyInstance } from 'fastify';
import type { Log } from '../platform/logging/log';

/** One line a request: the route, never the address as it was called, for what people put there may be secret. */
export function logRequests(fastify: FastifyInstance, log: Log): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const fields = {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    // Monitors ask every few seconds, of which only a failure is news; that one has an entry of its own.
    if (fields.route.startsWith('/health')) log.detail('request', fields);
    else log.info('request', fields);
    done();
  });
}
