import { Injectable } from '@nestjs/common';
import { type MailerOptions, MailerService } from '@nestjs-modules/mailer';
import SMTPTransport from 'nodemailer/lib/smtp-transport';
import { MailSettings, ProcessSettings } from '../config/settings';
import { messageOf } from './mail-message';
import { type Letter, Mailer } from './mailer';

const STEP_TIMEOUT_MS = 10_000;
/** A server that says one word every nine seconds must not hold a delivery, nor the end of the process. */
const SEND_TIMEOUT_MS = 20_000;

/** How the mail server at `url` is spoken to. */
export function smtpOptions(url: string): MailerOptions {
  // Made here, for nodemailer itself drops everything that stands beside a `url`.
  const transport = new SMTPTransport({
    url,
    dnsTimeout: STEP_TIMEOUT_MS,
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
  });
  return { transport, sendTimeout: SEND_TIMEOUT_MS };
}

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
    await this.server.sendMail(messageOf(letter, this.mail.from, this.process.publicUrl));
  }
}
