import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from '../platform/http/access';

type Handlers = Readonly<Record<string, object | undefined>>;

/** Refuses to start a service with a route of which nobody said who may call it. */
@Injectable()
export class EveryRouteDeclaresAccess implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const handlers = metatype.prototype as Handlers;
      return this.scanner
        .getAllMethodNames(handlers)
        .map((name) => ({ name, handler: handlers[name] }))
        .filter(({ handler }) => handler !== undefined && Reflect.hasMetadata('path', handler))
        .filter(({ handler }) => !this.reflector.getAllAndOverride<unknown>(ACCESS, [handler as never, metatype]))
        .map(({ name }) => `${metatype.name}.${name}`);
    });
    if (undeclared.length > 0) throw new Error(`No access rule on: ${undeclared.join(', ')}`);
  }
}
