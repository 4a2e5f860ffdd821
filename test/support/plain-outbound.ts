import {
  OutboundClient,
  OutboundFailed,
  type OutboundRequest,
} from '../../src/platform/network/outbound/outbound-client';

const MEBIBYTE = 1024 * 1024;

/** Goes wherever it is sent, without the guard: for tests of what comes back. Bounds and redirects are as there. */
export class PlainOutbound extends OutboundClient {
  async fetch(url: string | URL, request: OutboundRequest): Promise<Response> {
    const { method = 'GET', headers = {}, body = null, timeoutMs, maxBytes = MEBIBYTE } = request;
    const signal = AbortSignal.timeout(Math.max(timeoutMs, 0));
    try {
      const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
      if (answer.status >= 300 && answer.status < 400) throw new OutboundFailed('redirected');
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new OutboundFailed('too large');
        chunks.push(chunk);
      }
      return new Response(Buffer.concat(chunks), { status: answer.status, headers: answer.headers });
    } catch (error) {
      throw error instanceof OutboundFailed ? error : new OutboundFailed('no answer');
    }
  }
}
