import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { PAGE_NAMES, type PageFacts, type PageName } from './page-facts';

/** What a page needs of a reply: its status and its headers. */
export type PageReply = {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
};

type Text = ReturnType<typeof Handlebars.compile<unknown>>;

/** Beside `platform`, in `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', 'pages');
const LANGUAGE = 'en';
const SERVICE = 'Doorward';

/**
 * The small pages for people, behind mailed links and between two steps of a sign-in, from `src/pages`: one file a page and
 * language, in one layout with one style. A GET shows a form and changes nothing; its button POSTs (HT-05). They run no
 * script, load nothing, and may not be framed or kept. All are read at the start, so that a missing one stops it.
 */
@Injectable()
export class Pages {
  private readonly pages: ReadonlyMap<PageName, Text>;
  private readonly style = read('style.css');
  private readonly headers: Readonly<Record<string, string>>;

  constructor() {
    const handlebars = Handlebars.create();
    handlebars.registerPartial({ layout: read('layout.hbs'), problems: read(`${LANGUAGE}/problems.hbs`) });
    const compile = (name: PageName): Text => handlebars.compile(read(`${LANGUAGE}/${name}.hbs`), { strict: true });
    this.pages = new Map(PAGE_NAMES.map((name) => [name, compile(name)]));
    this.headers = {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      // The address of a page holds the secret of its link.
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
    };
  }

  /**
   * Sets status and headers of a page, and returns it, for a controller to return from a method that takes its reply by
   * `@Res({ passthrough: true })`. A form posts to the path it was shown at, as `application/x-www-form-urlencoded`;
   * fields left empty come as empty texts, and Origin as `null`, for there is no referrer. `onwards`: origins a form may lead
   * to by a redirect, beside our own.
   */
  show<Name extends PageName>(
    reply: PageReply,
    name: Name,
    facts: PageFacts[Name],
    status = 200,
    onwards: readonly string[] = [],
  ): string {
    reply.status(status);
    for (const [header, value] of Object.entries(this.headers)) reply.header(header, value);
    reply.header('Content-Security-Policy', policyOf(this.style, onwards));
    return this.render(name, facts);
  }

  private render<Name extends PageName>(name: Name, facts: PageFacts[Name]): string {
    const page = this.pages.get(name);
    if (!page) throw new Error(`There is no page ${name}`);
    return page({ ...facts, language: LANGUAGE, service: SERVICE, style: this.style });
  }
}

/**
 * The style stands in the page, and no other does: it is known by its hash (CSP 3, 2.3.1). Chromium holds what a form is
 * redirected to against `form-action` too.
 */
function policyOf(style: string, onwards: readonly string[]): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const rules = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    ["form-action 'self'", ...onwards].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return rules.join('; ');
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}
