import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export type Received = { readonly recipients: readonly string[]; readonly source: string };

/** A mail server on loopback that keeps what it gets, or refuses it. */
export class TestSmtpServer {
  readonly received: Received[] = [];
  /** The code it refuses every recipient with (550 is for good, 451 for now); 0: it takes all. */
  refusesWith = 0;
  /** What happens once a letter is here and before the server says so. */
  beforeAccepting: () => Promise<void> = () => Promise.resolve();

  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      const refusal = Object.assign(new Error(`No such user: ${address}`), { responseCode: this.refusesWith });
      done(this.refusesWith === 0 ? null : refusal);
    },
    onData: (stream, { envelope }, done) => {
      void text(stream).then(async (source) => {
        this.received.push({ recipients: envelope.rcptTo.map(({ address }) => address), source });
        await this.beforeAccepting();
        done();
      });
    },
  });

  static async start(): Promise<TestSmtpServer> {
    const server = new TestSmtpServer();
    server.server.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      server.server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Forgets everything, and takes everything. */
  reset(): void {
    this.received.length = 0;
    this.refusesWith = 0;
    this.beforeAccepting = () => Promise.resolve();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
