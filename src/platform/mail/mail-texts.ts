import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { ProcessSettings } from '../config/settings';
import { type Mail, MAIL_TEMPLATES, type MailTemplate } from './mails';

export type MailText = { readonly subject: string; readonly text: string; readonly html: string };

type Text = ReturnType<typeof Handlebars.compile<unknown>>;

/** Beside `platform`, in `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', 'mails');
const LANGUAGE = 'en';
const SUBJECT = /^Subject: (.+)\n\n/;

/**
 * The words of every mail, from `src/mails`: one file a mail and language, its subject in the first line, and one page
 * that the paragraphs of any of them are laid out on. All are read at the start, so that a missing one stops it.
 */
@Injectable()
export class MailTexts {
  private readonly texts: ReadonlyMap<MailTemplate, Text>;
  private readonly page: Text;

  constructor(private readonly settings: ProcessSettings) {
    const handlebars = Handlebars.create();
    handlebars.registerHelper({ utc, outside });
    const read = (file: string): string => readFileSync(join(FOLDER, `${file}.hbs`), 'utf8');
    // In a plain text nothing is escaped; the page escapes it all.
    const compile = (name: MailTemplate): Text =>
      handlebars.compile(read(`${LANGUAGE}/${name}`), { strict: true, noEscape: true });
    this.texts = new Map(MAIL_TEMPLATES.map((name) => [name, compile(name)]));
    this.page = handlebars.compile(read('page'), { strict: true });
  }

  /** Throws for a template there is none of, as a later version may have left behind. */
  render({ template, facts }: Mail): MailText {
    const whole = this.texts.get(template)?.({ ...facts, service: this.settings.publicUrl });
    const subject = whole === undefined ? undefined : SUBJECT.exec(whole)?.[1];
    if (whole === undefined || subject === undefined) throw new TemplateMissing(`No text, or no subject: ${template}`);
    const text = whole.replace(SUBJECT, '');
    const paragraphs = text
      .trim()
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.split('\n'));
    return { subject, text, html: this.page({ language: LANGUAGE, subject, paragraphs }) };
  }
}

/** There are no words for a mail. */
export class TemplateMissing extends Error {}

/** An instant as everybody reads it: `2026-01-01 12:30 UTC`. */
function utc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * Words that came from outside: one short line, and nothing that a mail program makes a link of. Otherwise whoever
 * holds a stolen token could write into our mail.
 */
function outside(words: string): string {
  return words
    .replace(/[^\p{L}\p{N}.,:()+-]+/gu, ' ')
    .replace(/\.(?=\p{L})/gu, '. ')
    .slice(0, 80)
    .trim();
}
