import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { AllowedMethods } from './allowed-methods';

/**
 * A path that stands for itself is no value of a parameter: `PUT /users/me` is a method that `/users/me` does not have,
 * not a change of a user whose id is `me`.
 */
export function keepPathsApart(fastify: FastifyInstance, allowed: AllowedMethods): void {
  fastify.addHook('onRequest', ({ method, url, routeOptions }, _reply, done) => {
    const isParameter = routeOptions.url?.includes(':') ?? false;
    const isApart = isParameter && !allowed.at(url).includes(method);
    // Answered by the problem filter as a path without that method.
    done(isApart ? new NotFoundException() : undefined);
  });
}
