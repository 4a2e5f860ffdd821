import { Injectable } from '@nestjs/common';
import type { RouteOptions } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** RFC 9112, 3.2: a path, or a whole address. `*` and `host:port` name none. */
const NAMES_A_PATH = /^(?:\/|https?:\/\/)/i;

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

  /**
   * The methods of a target as a request names it, or none where no route is. Where a path stands for itself in one route
   * and is the value of a parameter in another (`/users/me`, `/users/:id`), those of the former.
   */
  at(url: string): readonly string[] {
    // Of `*health` the router would drop the star.
    if (!NAMES_A_PATH.test(url)) return [];
    const [path = '/'] = url.split('?');
    const served = [...this.methods].flatMap((method) => {
      const parameters = this.parametersOf(method, path);
      return parameters === null ? [] : [{ method, parameters }];
    });
    const fewest = Math.min(...served.map(({ parameters }) => parameters));
    const closest = served.filter(({ parameters }) => parameters === fewest);
    return closest.map(({ method }) => method).sort();
  }

  /** How many parts of the path are parameters of its route; null: no route answers. */
  private parametersOf(method: HTTPMethod, path: string): number | null {
    const params = this.router.find(method, path)?.params;
    // The router lets a parameter be empty; the framework then says that there is nothing there.
    if (params === undefined || Object.values(params).includes('')) return null;
    return Object.keys(params).length;
  }
}
