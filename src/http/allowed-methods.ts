import { Injectable } from '@nestjs/common';
import type { RouteOptions } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** Which methods a path answers to: tells 405 from 404. */
@Injectable()
export class AllowedMethods {
  private readonly router = createRouter();
  private readonly methods = new Set<HTTPMethod>();

  /** For Fastify's onRoute hook. */
  readonly add = ({ method, url }: RouteOptions): void => {
    for (const each of [method].flat() as HTTPMethod[]) {
      // A path behind a wildcard (static files) says nothing about methods.
      if (url.includes('*') || this.router.hasRoute(each, url)) continue;
      this.methods.add(each);
      this.router.on(each, url, () => undefined);
    }
  };

  at(url: string): readonly string[] {
    const [path = '/'] = url.split('?');
    return [...this.methods].filter((method) => this.router.find(method, path) !== null).sort();
  }
}
