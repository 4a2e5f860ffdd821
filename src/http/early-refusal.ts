import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Overloaded } from '../kernel/domain-error';
import type { DeviceCookie } from '../platform/http/device-cookie';
import type { RouteTraits } from '../platform/http/route-config';
import type { HashingInterceptor } from './hashing.interceptor';

/**
 * Turns requests away for which there is no seat, before their body is read: in a flood that is what most time goes to.
 * Who shows a token is looked at more closely later.
 */
export function refuseEarly(fastify: FastifyInstance, hashing: HashingInterceptor, device: DeviceCookie): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { hashesPasswords = false } = request.routeOptions.config as RouteTraits;
    const isRefused = hashesPasswords && hashing.isFullForStrangers && isStranger(request, device);
    done(isRefused ? new Overloaded() : undefined);
  });
}

function isStranger(request: FastifyRequest, device: DeviceCookie): boolean {
  return request.headers.authorization === undefined && device.tokenOf(request) === null;
}
