import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';

/** What Fastify's hooks may know of a route before anything of it has run. */
export type RouteTraits = {
  /** A form as well as JSON. */
  readonly acceptsForm?: boolean;
  readonly hashesPasswords?: boolean;
};

/** Adds traits to a route; Nest's own decorator alone would replace those it has. */
export function WithTraits(traits: RouteTraits): MethodDecorator {
  return (target, key, descriptor) => {
    const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as
      RouteTraits | undefined;
    RouteConfig({ ...known, ...traits })(target, key, descriptor);
  };
}
