import type { ISendMailOptions } from '@nestjs-modules/mailer';
import addressparser from 'nodemailer/lib/addressparser';
import type { Letter } from './mailer';
import type { MailBrand } from './mails';

/** A letter as nodemailer takes it. `publicUrl` names the service that vouches for the Message-ID (RFC 5322, 3.6.4). */
export function messageOf(letter: Letter, from: string, publicUrl: string): ISendMailOptions {
  return {
    messageId: `<${letter.id}@${new URL(publicUrl).hostname}>`,
    date: letter.writtenAt,
    from: senderOf(letter.brand, from),
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

type Sender = { readonly name: string; readonly address: string };

/** Only people without bad intent are expected to write `name <address>` in the settings; tenants' names are never parsed. */
function senderOf(brand: MailBrand | null, from: string): Sender | string {
  if (!brand) return from;
  const [own] = addressparser(from, { flatten: true });
  return {
    name: oneLine(brand.name ?? own?.name ?? ''),
    address: brand.sender !== null && ADDRESS.test(brand.sender) ? brand.sender : (own?.address ?? from),
  };
}

/** One address and nothing else: no space, bracket, quote, comma or control character. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@\p{C}]+@[^\s<>()[\]\\,;:"@\p{C}]+$/u;

/** A name in a header ends at a line break, and must not turn the line around for readers (U+202E). */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
