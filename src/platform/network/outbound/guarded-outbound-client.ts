import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Response as Answer } from 'undici';
import type { OutboundSettings, ProcessSettings } from '../../config/settings';
import { codeOf } from '../../outbox/delivery-failure';
import { isLoopback } from '../loopback';
import type { IsOneOf } from '../networks';
import { OutboundClient, OutboundFailed, OutboundRefused, type OutboundRequest } from './outbound-client';
import { publicOrIn } from './public-address';
import { type Resolver, systemResolver } from './shared-lookups';

const LOOPBACK = ['127.0.0.0/8', '::1'];
const MAX_BYTES = 1_048_576;
/** RFC 9110, 15. Of a higher one no Response can be made. */
const HIGHEST_STATUS = 599;
/** What is said of a body as it was sent, and not as it is handed on. */
const OF_THE_WAY = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

/**
 * Looks a name up once, refuses unless every answer is open, and connects to these answers alone: a name that is something
 * else a moment later leads nowhere else. Each request has a connection of its own, so none is used that was made for another.
 * Proxies of the environment are not used: they would look the name up again.
 */
export class GuardedOutboundClient extends OutboundClient {
  private readonly isOpen: IsOneOf;

  constructor(
    { allowedNetworks }: OutboundSettings,
    { mode }: Pick<ProcessSettings, 'mode'>,
    private readonly resolve: Resolver = systemResolver,
  ) {
    super();
    this.isOpen = publicOrIn(mode === 'production' ? allowedNetworks : [...allowedNetworks, ...LOOPBACK]);
  }

  async fetch(to: string | URL, request: OutboundRequest): Promise<Response> {
    const url = callable(to);
    const signal = AbortSignal.timeout(request.timeoutMs);
    try {
      return await this.ask(url, await this.addressesOf(url, signal), request, signal);
    } catch (error) {
      if (error instanceof OutboundRefused || error instanceof OutboundFailed) throw error;
      throw failureOf(error, signal);
    }
  }

  private async addressesOf({ hostname, protocol }: URL, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    const host = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const addresses =
      family === 0 ? await Promise.race([this.resolve(host), expiryOf(signal)]) : [{ address: host, family }];
    const mayGo = addresses.every(
      ({ address }) => this.isOpen(address) && (protocol === 'https:' || isLoopback(address)),
    );
    if (!mayGo) throw new OutboundRefused('ADDRESS_NOT_PUBLIC');
    return addresses;
  }

  private async ask(
    url: URL,
    addresses: readonly LookupAddress[],
    { method = 'GET', headers = {}, body, timeoutMs, maxBytes = MAX_BYTES, reads = () => true }: OutboundRequest,
    signal: AbortSignal,
  ): Promise<Response> {
    // A tenth of a second to load, which is not for each start and command.
    const { Client, fetch: send } = await import('undici');
    const connect = { lookup: pinnedTo(addresses), timeout: timeoutMs };
    const dispatcher = new Client(url.origin, { connect, pipelining: 0 });
    try {
      const answer = await send(url, {
        method,
        headers: { 'user-agent': 'doorward', ...headers },
        redirect: 'manual',
        dispatcher,
        signal,
        ...(body === undefined ? {} : { body }),
      });
      if (answer.status >= 300 && answer.status < 400) throw new OutboundFailed('REDIRECT', answer.status);
      if (answer.status > HIGHEST_STATUS) throw new OutboundFailed('NO_STATUS');
      if (!reads(answer.status)) return handedOn(answer, null);
      return handedOn(answer, await bodyOf(answer, maxBytes, signal));
    } finally {
      void dispatcher.destroy();
    }
  }
}

/** Throws OutboundRefused. The parser knows all spellings of an IP address, and writes each in one. */
function callable(to: string | URL): URL {
  if (!URL.canParse(String(to))) throw new OutboundRefused('NO_URL');
  const url = new URL(to);
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('CREDENTIALS_IN_URL');
  const staysHere = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !staysHere) throw new OutboundRefused('NOT_HTTPS');
  return url;
}

/** Answers with what was looked up and checked, whatever is asked. */
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, answer) => {
    const [first] = addresses;
    if (first === undefined) answer(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
    else if (all === true) answer(null, [...addresses]);
    else answer(null, first.address, first.family);
  };
}

/** Counts as it comes: what inflates to too much is never held. Throws OutboundFailed. */
async function bodyOf({ body, status }: Answer, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new OutboundFailed('TOO_LARGE', status);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof OutboundFailed ? error : failureOf(error, signal, status);
  }
}

function handedOn({ status, headers }: Answer, body: Uint8Array | null): Response {
  const kept = [...headers].filter(([name]) => !OF_THE_WAY.has(name));
  return new Response(body?.byteLength === 0 ? null : body, { status, headers: kept });
}

/** Of what others say in words nothing is kept: it may repeat the address. */
function failureOf(error: unknown, signal: AbortSignal, status: number | null = null): OutboundFailed {
  if (signal.aborted) return new OutboundFailed('TIMEOUT', status);
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  return new OutboundFailed(codeOf(cause ?? error), status);
}

function expiryOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new OutboundFailed('TIMEOUT'));
    });
  });
}
