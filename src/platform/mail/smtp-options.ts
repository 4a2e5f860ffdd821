import type { MailerOptions } from '@nestjs-modules/mailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { isLoopback } from '../network/loopback';
import { SmtpTransport } from './smtp-transport';

const STEP_TIMEOUT_MS = 10_000;
const LETTER_TIMEOUT_MS = 20_000;

/** How the mail server of SMTP_URL is spoken to. */
export function smtpOptions(url: string, production: boolean): MailerOptions {
  const options = optionsOf(url);
  const mustBeSecret = production && isExposed(options) && options.auth !== undefined && saysNothingOfTls(options);
  const transport = new SmtpTransport(
    {
      ...options,
      ...(mustBeSecret && { requireTLS: true }),
      dnsTimeout: STEP_TIMEOUT_MS,
      connectionTimeout: STEP_TIMEOUT_MS,
      greetingTimeout: STEP_TIMEOUT_MS,
      socketTimeout: STEP_TIMEOUT_MS,
    },
    LETTER_TIMEOUT_MS,
  );
  return { transport };
}

/** What operators should know of an SMTP_URL in production; nothing, where mails are safe on their way. */
export function smtpConcerns(url: string): readonly string[] {
  const options = optionsOf(url);
  const concerns: string[] = [];
  if (isExposed(options) && (options.auth === undefined || !saysNothingOfTls(options))) {
    concerns.push('SMTP_URL does not demand TLS: who sits between can read mails. Use smtps://, or ?requireTLS=true');
  }
  if (options.tls?.rejectUnauthorized === false) {
    concerns.push('SMTP_URL turns the verification of certificates off: who sits between can read mails');
  }
  return concerns;
}

function optionsOf(url: string): SMTPConnection.Options {
  return parseConnectionUrl(url);
}

/** Whether letters may leave this machine in the clear. */
function isExposed({ host = '', secure = false, requireTLS = false }: SMTPConnection.Options): boolean {
  return !secure && !requireTLS && !isLoopback(host);
}

function saysNothingOfTls({ requireTLS, ignoreTLS }: SMTPConnection.Options): boolean {
  return requireTLS === undefined && ignoreTLS === undefined;
}
