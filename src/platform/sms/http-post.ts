import { lostRequest } from './sms-failure';

export type Post = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first packet to the last byte of the answer. */
  readonly timeoutMs: number;
};

/**
 * Posts, and goes nowhere else: a redirect is an answer as any other. Each message has a connection of its own: one that
 * the server closed in the meantime would look as if it had fallen silent over this message. Throws NotTaken when there
 * is no answer.
 */
export async function post(url: string, { headers, body, timeoutMs }: Post): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'doorward', connection: 'close', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw lostRequest(error);
  }
}

/** Lets go of an answer nobody needs to read. What happens to it matters no more. */
export async function discard({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

/** An answer as JSON; null when it is none, is longer than `maxBytes`, or breaks off. */
export async function jsonOf(response: Response, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return null;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return null;
  }
}
