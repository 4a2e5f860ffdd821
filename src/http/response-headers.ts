import type { FastifyInstance } from 'fastify';

/** HT-06 of the security requirements. The documentation pages load their own scripts and styles, and nothing else. */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] };
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const YEAR_SECONDS = 31_536_000;

export const SECURITY_HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
  strictTransportSecurity: { maxAge: YEAR_SECONDS, includeSubDomains: true },
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
} as const;

/** The same as plain text, for answers that come before any hook can run. */
export const PLAIN_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none';frame-ancestors 'none';base-uri 'none'",
  'Cross-Origin-Resource-Policy': SECURITY_HEADERS.crossOriginResourcePolicy.policy,
  'Referrer-Policy': SECURITY_HEADERS.referrerPolicy.policy,
  'Strict-Transport-Security': `max-age=${YEAR_SECONDS}; includeSubDomains`,
  'X-Content-Type-Options': 'nosniff',
};

/** What is not said to be cacheable is not to be kept anywhere. */
export function setCachingAndDocsPolicy(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (!reply.hasHeader('Cache-Control')) void reply.header('Cache-Control', 'no-store');
    if (/^\/docs(?:[/?]|$)/.test(request.url)) void reply.header('Content-Security-Policy', DOCS_POLICY);
    done();
  });
}
