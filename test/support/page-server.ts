import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Pages } from '../../src/platform/http/pages';

/** A page with the status and the headers it is answered with. */
export type ShownPage = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
};

export type Posted = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };

export type PageServer = {
  readonly url: string;
  /** What was posted so far. */
  readonly posted: Posted[];
  readonly close: () => Promise<void>;
};

const pages = new Pages();

export function shown(...[name, facts, status, onwards]: ParametersOfShow): ShownPage {
  const headers: Record<string, string> = {};
  let answered = 0;
  const reply = {
    status: (code: number): void => {
      answered = code;
    },
    header: (header: string, value: string): void => {
      headers[header.toLowerCase()] = value;
    },
  };
  const html = pages.show(reply, name, facts, status, onwards);
  return { status: answered, headers, html };
}

type ParametersOfShow = Parameters<typeof pages.show> extends [unknown, ...infer Rest] ? Rest : never;

/** Shows each page at its path, and answers whatever is posted there with `thanks`. Where there is none: nothing, as to a favicon. */
export async function servePages(at: ReadonlyMap<string, ShownPage>, thanks: ShownPage): Promise<PageServer> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const { url = '', method, headers } = request;
    const page = at.get(url.replace(/\?.*$/, ''));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (method === 'POST') posted.push({ url, headers, body: Buffer.concat(chunks).toString() });
      const answer = method === 'POST' ? thanks : page;
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.html);
      else response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted, close };
}
