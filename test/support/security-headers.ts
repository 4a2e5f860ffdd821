const EVERYWHERE: Readonly<Record<string, string | null>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-powered-by': null,
  server: null,
};

/** Holds an answer to the headers every answer has, each once (HT-06), and to a request id. */
export function expectSecurityHeaders(headers: Headers): void {
  const found = Object.keys(EVERYWHERE).map((name) => [name, headers.get(name)]);
  expect(Object.fromEntries(found)).toEqual(EVERYWHERE);
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/);
}
