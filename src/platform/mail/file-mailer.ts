import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { MailSettings, ProcessSettings } from '../config/settings';
import { leaveFile } from '../outbox/message-file';
import { messageOf } from './mail-message';
import { type Letter, Mailer } from './mailer';

/** Leaves each letter as a file `<time>-<id>.eml`, which mail programs open: for development and tests. */
@Injectable()
export class FileMailer extends Mailer {
  private readonly composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly mail: MailSettings,
    private readonly process: ProcessSettings,
  ) {
    super();
  }

  async send(letter: Letter): Promise<void> {
    const { message } = await this.composer.sendMail(messageOf(letter, this.mail.from, this.process.publicUrl));
    await leaveFile(this.mail.folder, { ...letter, extension: 'eml' }, message);
  }
}
