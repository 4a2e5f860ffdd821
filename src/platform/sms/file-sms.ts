import { leaveFile } from '../outbox/message-file';
import { SmsSender, type TextMessage } from './sms-sender';

/** Leaves each message as a file `<time>-<id>.txt`: for development and tests. */
export class FileSms extends SmsSender {
  constructor(private readonly folder: string) {
    super();
  }

  async send({ id, to, text, writtenAt }: TextMessage): Promise<void> {
    await leaveFile(
      this.folder,
      { id, writtenAt, extension: 'txt' },
      `To: ${to}\nDate: ${writtenAt.toISOString()}\n\n${text}\n`,
    );
  }
}
