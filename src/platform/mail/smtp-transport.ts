import type { Transport } from 'nodemailer';
import type MailMessage from 'nodemailer/lib/mailer/mail-message';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpError } from './smtp-failure';

type Info = SMTPConnection.SentMessageInfo;
/** With what the types of the library leave out: whether the server offers AUTH, and that there may be no socket yet. */
type Connection = Omit<SMTPConnection, '_socket'> & {
  readonly allowsAuth: boolean;
  readonly _socket: SMTPConnection['_socket'] | false;
};
type Message = Pick<MailMessage['message'], 'getEnvelope' | 'createReadStream'>;

/**
 * One connection a letter, and an end to it. The library's own transports do not fit: its pool sends a letter again by
 * itself when the connection breaks, even one that was taken, and still sends what waits in it after we gave up waiting;
 * and none of them says whether a connection broke before the letter or in it.
 */
export class SmtpTransport implements Transport<Info> {
  readonly name = 'SMTP';
  readonly version = '1';

  /** @param deadlineMs for a whole letter: who says one word every nine seconds does not hold us for longer */
  constructor(
    readonly options: SMTPConnection.Options,
    private readonly deadlineMs: number,
  ) {}

  /** What went wrong is an SmtpError. Then no connection is left, and nothing is sent any more. */
  send({ message }: MailMessage<Info>, done: (error: Error | null, info: Info) => void): void {
    this.attempt(message).then(
      (info) => {
        done(null, info);
      },
      (error: unknown) => {
        (done as (error: unknown) => void)(error);
      },
    );
  }

  private async attempt(message: Message): Promise<Info> {
    const connection = new SMTPConnection(this.options) as unknown as Connection;
    const progress = { inLetter: false };
    const conversation = this.converse(connection, message, progress);
    try {
      const info = await Promise.race([conversation, this.brokenOff(connection)]);
      connection.quit();
      return info;
    } catch (error) {
      const { responseCode } = error as SmtpError;
      if (typeof responseCode === 'number') connection.quit();
      else connection.close();
      throw Object.assign(error as Error, progress);
    }
  }

  private async converse(connection: Connection, message: Message, progress: { inLetter: boolean }): Promise<Info> {
    const { auth } = this.options;
    await step((done) => {
      connection.connect(done);
    });
    if (auth && connection.allowsAuth) {
      await step((done) => {
        connection.login({ credentials: auth as SMTPConnection.Credentials }, done);
      });
    }
    progress.inLetter = true;
    return step((done) => {
      connection.send(message.getEnvelope(), message.createReadStream(), done);
    });
  }

  /** Rejects when the connection ends, or the time is over. Whatever comes to an end leaves no socket behind. */
  private brokenOff(connection: Connection): Promise<never> {
    return new Promise((_, reject) => {
      const deadline = setTimeout(() => {
        reject(withCode('ETIMEDOUT'));
      }, this.deadlineMs);
      connection.on('error', reject);
      connection.on('end', () => {
        clearTimeout(deadline);
        if (connection._socket) connection._socket.destroy();
        reject(withCode('ECONNECTION'));
      });
    });
  }
}

function step<T = void>(act: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    act((error, result) => {
      if (error) reject(error);
      else resolve(result as T);
    });
  });
}

function withCode(code: string): SmtpError {
  return Object.assign(new Error('The conversation with the mail server broke off'), { code });
}
