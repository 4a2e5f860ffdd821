import type { ISendMailOptions } from '@nestjs-modules/mailer';
import type { Letter } from './mailer';

/** A letter as nodemailer takes it. `publicUrl` names the service that vouches for the Message-ID (RFC 5322, 3.6.4). */
export function messageOf(letter: Letter, from: string, publicUrl: string): ISendMailOptions {
  return {
    messageId: `<${letter.id}@${new URL(publicUrl).hostname}>`,
    date: letter.writtenAt,
    from,
    // Never a text: `a@example.com, b@example.com` is read as two recipients.
    to: { name: '', address: letter.to },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    // RFC 3834: no out-of-office note answers this.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
