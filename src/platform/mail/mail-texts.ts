import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { ProcessSettings } from '../config/settings';
import { paragraphsOf } from './mail-paragraphs';
import { hidden, NAME, outside, TemplateMissing, utc } from './mail-words';
import { type Mail, MAIL_TEMPLATES, type MailTemplate } from './mails';

export type MailText = { readonly subject: string; readonly text: string; readonly html: string };

type Text = ReturnType<typeof Handlebars.compile<unknown>>;

/** Beside `platform`, in `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', 'mails');
const LANGUAGE = 'en';
const SUBJECT = /^Subject: (.+)\n\n/;

/**
 * The words of every mail, from `src/mails`: one file a mail and language, its subject in the first line, one signature
 * under all of them, and one page that the paragraphs of any of them are laid out on. All are read at the start, so that
 * a missing one stops it.
 */
@Injectable()
export class MailTexts {
  private readonly texts: ReadonlyMap<MailTemplate, Text>;
  private readonly signature: Text;
  private readonly page: Text;

  constructor(private readonly settings: ProcessSettings) {
    const handlebars = Handlebars.create();
    handlebars.registerHelper({ utc, outside, hidden, is: Object.is, url });
    const read = (file: string): string => readFileSync(join(FOLDER, `${file}.hbs`), 'utf8');
    // In a plain text nothing is escaped; the page escapes it all.
    const compile = (name: string): Text =>
      handlebars.compile(read(`${LANGUAGE}/${name}`), { strict: true, noEscape: true });
    this.texts = new Map(MAIL_TEMPLATES.map((name) => [name, compile(name)]));
    this.signature = compile('signature');
    this.page = handlebars.compile(read('page'), { strict: true });
  }

  /** Throws for a template there is none of, as a later version may have left behind. */
  render({ template, facts, brand }: Mail): MailText {
    const { publicUrl: service } = this.settings;
    const name = outside(brand?.name ?? '') || NAME;
    const whole = this.texts.get(template)?.({ ...facts, service, name });
    const subject = whole === undefined ? undefined : SUBJECT.exec(whole)?.[1];
    if (whole === undefined || subject === undefined) throw new TemplateMissing(`No text, or no subject: ${template}`);
    const words = whole.replace(SUBJECT, '').trim();
    const signature = this.signature({ service, name });
    const paragraphs = paragraphsOf(words, 'link' in facts ? facts.link : null, service);
    const html = this.page({
      language: LANGUAGE,
      subject,
      name,
      preheader: paragraphs[1]?.lines.join(' '),
      paragraphs,
      signature: paragraphsOf(signature, null, service),
    });
    return { subject, text: `${words}\n\n${signature}`, html };
  }
}

/** A URL of ours as it is; escaping would turn its `=` into something that people cannot read in the source. */
function url(link: string): Handlebars.SafeString {
  return new Handlebars.SafeString(link);
}
