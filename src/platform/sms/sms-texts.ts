import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { NAME, outside, TemplateMissing } from '../mail/mail-words';
import { asPlainLetters } from './gsm-letters';
import { type Text, TEXT_TEMPLATES, type TextTemplate } from './text-messages';

type Words = ReturnType<typeof Handlebars.compile<unknown>>;

/** Beside `platform`, in `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', 'texts');
const LANGUAGE = 'en';
/** With one of these a text still fits into one message. */
const LONGEST_BRAND = 40;

/** The words of every text message, from `src/texts`: one file a message and language. All are read at the start. */
@Injectable()
export class SmsTexts {
  private readonly texts: ReadonlyMap<TextTemplate, Words>;

  constructor() {
    const handlebars = Handlebars.create();
    handlebars.registerHelper({ is: Object.is });
    const compile = (name: string): Words =>
      handlebars.compile(readFileSync(join(FOLDER, LANGUAGE, `${name}.hbs`), 'utf8'), { strict: true, noEscape: true });
    this.texts = new Map(TEXT_TEMPLATES.map((name) => [name, compile(name)]));
  }

  /** Throws TemplateMissing for a template there is none of, as a later version may have left behind. */
  render({ template, facts }: Pick<Text, 'template' | 'facts'>): string {
    const words = this.texts.get(template)?.({ ...facts, brand: brandOf(facts.brand) });
    if (words === undefined) throw new TemplateMissing(`No text: ${template}`);
    return words.trim();
  }
}

/** A name as text messages hold it, with no digits in it that could be taken for the code. */
function brandOf(name: string | null): string {
  const plain = [...asPlainLetters(outside(name ?? ''))].slice(0, LONGEST_BRAND).join('').trim();
  return plain || NAME;
}
