import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { MailSettings, ProcessSettings } from '../config/settings';
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
    await mkdir(this.mail.folder, { recursive: true, mode: 0o700 });
    // Whoever watches the folder sees whole letters alone, and the same one twice is one file.
    const file = join(this.mail.folder, `${stampOf(letter.writtenAt)}-${letter.id}.eml`);
    await writeFile(`${file}.part`, message, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }
}

/** `20260101T000000Z`: sorts by time, and every file system takes it. */
function stampOf(instant: Date): string {
  return instant.toISOString().replace(/[-:]|\.\d+/g, '');
}
