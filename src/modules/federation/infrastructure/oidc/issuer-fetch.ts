import { allowInsecureRequests, type Configuration, type CustomFetch } from 'openid-client';
import { OutboundFailed } from '../../../../platform/network/outbound/outbound-client';
import type { ProviderFetch } from '../provider-calls';

/** How the package asks: by the one way out, in the time that is left. JSON that is none is no answer, whoever made it so. */
export function issuerFetch(fetch: ProviderFetch): CustomFetch {
  return async (url, { method, headers: { 'user-agent': _, ...headers }, body }) => {
    const form = body instanceof URLSearchParams ? { body: body.toString() } : {};
    const answer = await fetch(url, { method: method === 'POST' ? 'POST' : 'GET', headers, ...form });
    if (answer.status !== 200 || answer.headers.get('content-type')?.includes('json') !== true) return answer;
    const text = await answer.text();
    if (!isJson(text)) throw new OutboundFailed('NOT_JSON', answer.status);
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
}

/** The package refuses http, and so does the outbound guard, but for loopback. An issuer that is there may be as a whole. */
export function extensionsFor(issuer: string): ((configuration: Configuration) => void)[] {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to be noticed, and it is no default here
  return new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
