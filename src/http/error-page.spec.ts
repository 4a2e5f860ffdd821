import type { ErrorCode } from '../kernel/domain-error';
import { ERROR_CATALOGUE, errorAnchor } from '../platform/http/error-catalogue';
import { errorPage } from './error-page';

const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
const page = errorPage();

describe('the page about errors', () => {
  it.each(CODES)('has one place for %s, with its status', (code) => {
    const section = new RegExp(`<section id="${errorAnchor(code)}">[^]*?</section>`, 'g');
    const [found = '', ...more] = page.match(section) ?? [];

    expect(more).toEqual([]);
    expect(found).toContain(`<code>${code}</code>`);
    expect(found).toContain(`<small>${ERROR_CATALOGUE[code].status}</small>`);
  });

  it.each(CODES)('tells cause and cure of %s as they are written', (code) => {
    const plain = page.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const { title, cause, cure } = ERROR_CATALOGUE[code];

    expect([title, cause, cure].filter((text) => !plain.includes(text))).toEqual([]);
  });

  it('goes from the lowest status to the highest', () => {
    const statuses = [...page.matchAll(/<small>(\d+)<\/small>/g)].map(([, status]) => Number(status));

    expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
  });

  it('takes none of its words for markup', () => {
    expect(page).not.toContain('<access token>');
    expect(page).toContain('&lt;access token&gt;');
  });

  it('loads nothing and runs nothing', () => {
    // An empty icon in the page itself, for browsers else go and ask for one.
    const rest = page.replace('<link rel="icon" href="data:,">', '');
    expect(rest).not.toMatch(/<(script|link|img|iframe)|\son\w+=|javascript:|url\(/i);
  });
});
