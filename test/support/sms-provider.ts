import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body begins, and never ends. */
  readonly isEndless?: boolean;
};

/** A server on loopback in the place of whoever sends text messages. Keeps what it gets, and answers as it is told. */
export class TestSmsProvider {
  readonly received: Request[] = [];
  answer: (request: Request) => Answer | Promise<Answer> = () => ({ status: 201 });

  private readonly server: Server;
  private port = 0;

  private constructor() {
    this.server = createServer((incoming, response) => {
      const reply = async (): Promise<void> => {
        const { method = '', url: path = '', headers } = incoming;
        const request = { method, path, headers, body: (await buffer(incoming)).toString() };
        this.received.push(request);
        const { status, headers: more, body = '', isEndless = false } = await this.answer(request);
        response.writeHead(status, more);
        if (isEndless) response.write(body || ' ');
        else response.end(body);
      };
      // Who hangs up in the middle has asked for nothing.
      reply().catch(() => response.destroy());
    });
  }

  static async start(): Promise<TestSmsProvider> {
    const provider = new TestSmsProvider();
    await provider.listen(0);
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Forgets everything, and takes everything. */
  reset(): void {
    this.received.length = 0;
    this.answer = () => ({ status: 201 });
  }

  /** Not there, until the answer is called. */
  async goAway(): Promise<() => Promise<void>> {
    const { port } = this;
    await this.stop();
    return () => this.listen(port);
  }

  /** Ends every conversation without a word. */
  cut(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }
}
