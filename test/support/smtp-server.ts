import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export type Received = { readonly recipients: readonly string[]; readonly sender: string; readonly source: string };

const refusal = (code: number): Error =>
  Object.assign(new Error('No such user: ann@example.com'), { responseCode: code });

/** A mail server on loopback that keeps what it gets, or refuses it. */
export class TestSmtpServer {
  readonly received: Received[] = [];
  /** How many connections it was asked for. */
  connections = 0;
  /** With what code it refuses whom (550 is for good, 451 for now); 0: it takes all. */
  refusalOf: (recipient: string) => number = () => 0;
  /** The code it refuses a sender with. */
  senderRefusalOf: (sender: string) => number = () => 0;
  /** The code it refuses a letter with that it has read. */
  refusesLettersWith = 0;
  /** Hangs up on whoever comes, as a server does that is not there. */
  isAway = false;
  /** What happens once a letter is here and before the server says so. */
  beforeAccepting: (letter: Received) => Promise<void> = () => Promise.resolve();

  private readonly server: SMTPServer;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly tls: 'smtps' | 'starttls' | 'none') {
    this.server = new SMTPServer({
      authOptional: true,
      // Its certificate is nobody's.
      secure: tls === 'smtps',
      disabledCommands: tls === 'starttls' ? [] : ['STARTTLS'],
      logger: false,
      onMailFrom: ({ address }, _session, done) => {
        const code = this.senderRefusalOf(address);
        done(code === 0 ? null : refusal(code));
      },
      onRcptTo: ({ address }, _session, done) => {
        const code = this.refusalOf(address);
        done(code === 0 ? null : refusal(code));
      },
      onData: (stream, { envelope }, done) => {
        const read = async (source: string): Promise<void> => {
          if (this.refusesLettersWith !== 0) {
            done(refusal(this.refusesLettersWith));
            return;
          }
          const { mailFrom, rcptTo } = envelope;
          const sender = mailFrom === false ? '' : mailFrom.address;
          const letter = { recipients: rcptTo.map(({ address }) => address), sender, source };
          this.received.push(letter);
          await this.beforeAccepting(letter);
          done();
        };
        // Who hangs up in the middle has sent nothing.
        text(stream).then(read, done);
      },
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      if (this.isAway) socket.destroy();
    });
  }

  static async start(tls: 'smtps' | 'starttls' | 'none' = 'none'): Promise<TestSmtpServer> {
    const server = new TestSmtpServer(tls);
    await new Promise<void>((resolve) => {
      server.server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get url(): string {
    const { port } = this.server.server.address() as AddressInfo;
    return `${this.tls === 'smtps' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`;
  }

  /** Forgets everything, and takes everything. */
  reset(): void {
    this.received.length = 0;
    this.connections = 0;
    this.refusalOf = () => 0;
    this.senderRefusalOf = () => 0;
    this.refusesLettersWith = 0;
    this.isAway = false;
    this.beforeAccepting = () => Promise.resolve();
  }

  /** Ends every conversation without a word. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
