import { Injectable } from '@nestjs/common';
import { MailerService } from '@nestjs-modules/mailer';
import { MailSettings, ProcessSettings } from '../config/settings';
import { failureOf } from './smtp-failure';
import { messageOf } from './mail-message';
import { type Letter, Mailer } from './mailer';

/** Hands letters to the mail server of SMTP_URL. */
@Injectable()
export class SmtpMailer extends Mailer {
  constructor(
    private readonly server: MailerService,
    private readonly mail: MailSettings,
    private readonly process: ProcessSettings,
  ) {
    super();
  }

  async send(letter: Letter): Promise<void> {
    try {
      await this.hand(letter);
    } catch (error) {
      const { brand } = letter;
      if (!brand?.sender || !isAboutTheEnvelope(error)) throw error;
      // Perhaps the server does not send for the tenant's address. A mail from ours is better than none.
      await this.hand({ ...letter, brand: { ...brand, sender: null } });
    }
  }

  private async hand(letter: Letter): Promise<void> {
    await this.server.sendMail(messageOf(letter, this.mail.from, this.process.publicUrl));
  }
}

/** Sender or recipient were turned away, before anything of the letter itself was said. */
function isAboutTheEnvelope(error: unknown): boolean {
  return /^EENVELOPE 5\d\d$/.test(failureOf(error).reason);
}
