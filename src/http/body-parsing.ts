import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FORM } from '../platform/http/accepts-form';
import type { RouteTraits } from '../platform/http/route-config';
import { Refusal } from './errors';
import { parseStrictForm } from './strict-form';
import { parseStrictJson } from './strict-json';

type Parse = (body: Buffer) => unknown;

const JSON_TYPE = 'application/json';

/** JSON on every route, forms where a route says so, nothing else; an empty body is no body. */
export function parseBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parser =
    (parse: Parse) => (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      try {
        refuseOtherEncodings(request);
        done(null, body.length === 0 ? undefined : parse(body));
      } catch (error) {
        done(error as Error);
      }
    };
  const options = { parseAs: 'buffer' } as const;
  fastify.addContentTypeParser(JSON_TYPE, options, parser(parseStrictJson));
  fastify.addContentTypeParser(FORM, options, (request, body: Buffer, done) => {
    const { acceptsForm } = request.routeOptions.config as RouteTraits;
    if (acceptsForm === true) parser(parseStrictForm)(request, body, done);
    else done(new Refusal('UNSUPPORTED_MEDIA_TYPE'));
  });
}

/** A compressed body could hide its size, and other character sets what it says. */
function refuseOtherEncodings({ headers }: FastifyRequest): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (encoding.toLowerCase() !== 'identity' || !/^utf-?8$/i.test(charset)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
}
