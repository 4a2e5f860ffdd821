import type { RouteOptions } from 'fastify';
import { AllowedMethods } from './allowed-methods';

type Route = Pick<RouteOptions, 'method' | 'url'>;

const ROUTES: readonly Route[] = [
  { method: 'GET', url: '/api/v1/users/me' },
  { method: 'PATCH', url: '/api/v1/users/me' },
  { method: 'GET', url: '/api/v1/users/:id' },
  { method: ['PUT', 'DELETE'], url: '/api/v1/users/:id' },
  { method: 'POST', url: '/api/v1/auth/login' },
  { method: 'OPTIONS', url: '*' },
  { method: 'GET', url: '/docs/*' },
];

function allowedOn(routes: readonly Route[]): AllowedMethods {
  const allowed = new AllowedMethods();
  for (const route of routes) allowed.add({ ...route, handler: () => undefined });
  return allowed;
}

describe('the methods a path answers to', () => {
  const allowed = allowedOn(ROUTES);

  it.each([
    ['a fixed path', '/api/v1/auth/login', ['POST']],
    ['a path with a parameter', '/api/v1/users/42', ['DELETE', 'GET', 'PUT']],
    ['a path with a query', '/api/v1/auth/login?x=/api/v1/users/me', ['POST']],
    ['a path nobody serves', '/api/v1/nothing', []],
    ['the beginning of a path', '/api/v1/auth', []],
    ['a path that goes on', '/api/v1/auth/login/x', []],
    ['a path in capitals', '/API/V1/AUTH/LOGIN', []],
    ['a path with a slash at its end', '/api/v1/auth/login/', []],
    ['a path that cannot be decoded', '/api/v1/users/%zz', []],
    ['a path that wildcards alone serve', '/docs/index.html', []],
    ['a path whose parameter is empty', '/api/v1/users/', []],
    ['a whole address', 'http://elsewhere.example/api/v1/auth/login?x', ['POST']],
    ['a star', '*', []],
    ['a path after a star', '*api/v1/auth/login', []],
    ['a host to connect to', 'api/v1/auth/login:443', []],
    ['the root', '/', []],
    ['nothing', '', []],
  ])('are told for %s', (_, url, methods) => {
    expect(allowed.at(url)).toEqual(methods);
  });

  it('are those of the path itself where it could be a parameter of another one', () => {
    expect(allowed.at('/api/v1/users/me')).toEqual(['GET', 'PATCH']);
  });

  it('are told once each when a route comes twice', () => {
    const login: Route = { method: 'POST', url: '/login' };

    expect(allowedOn([login, login]).at('/login')).toEqual(['POST']);
  });

  it('are none where there are no routes', () => {
    expect(allowedOn([]).at('/login')).toEqual([]);
  });
});
