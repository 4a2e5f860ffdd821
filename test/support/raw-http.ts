import { connect } from 'node:net';
import type { Answer, AnswerBody } from './client';

/** What the service says to bytes that no HTTP client would send, until one of the two hangs up. */
export function spoken(url: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => (answer += data));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}

export type RawRequest = {
  /** Each with its name; sent as it is. */
  readonly headers?: readonly string[];
  readonly body?: string;
};

/** A request with a first line and headers of one's own, on a connection of its own. */
export function rawRequest(line: string, { headers = [], body = '' }: RawRequest = {}): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${line} HTTP/1.1`, 'Host: doorward', 'Connection: close', ...length, ...headers, '', body].join('\r\n');
}

/** The first answer to these bytes, in the form in which the client gives them. */
export async function answerTo(url: string, bytes: string): Promise<Answer> {
  const said = await spoken(url, bytes);
  const [head = '', ...rest] = said.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':')[0]!, line.replace(/^[^:]*: ?/, '')]),
  );
  const text = rest.join('\r\n\r\n');
  const isJson = text !== '' && /\bjson\b/.test(headers.get('content-type') ?? '');
  return { status: Number(first.split(' ')[1]), headers, text, body: (isJson ? JSON.parse(text) : {}) as AnswerBody };
}
