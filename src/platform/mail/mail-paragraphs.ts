/** A paragraph of a mail, and what it is to look like: just its lines, unless it is a link or a code. */
export type Paragraph = {
  readonly lines: readonly string[];
  /** Where a button leads, and what it says. */
  readonly link: string | null;
  readonly label: string | null;
  readonly code: string | null;
};

/** Nothing of these has a meaning in HTML, or ends a URL. */
const PLAIN_URL = /^[\w.~:/?=%[\]-]+$/;
const CODE = /^\d{6}$/;

/**
 * The paragraphs of a plain text, as a page lays them out. A line that ends in a colon with the one URL `link` under it
 * is a button, where that URL is one of the service at `publicUrl`; six digits alone are a code. No other words of a
 * mail ever become a link.
 */
export function paragraphsOf(text: string, link: string | null, publicUrl: string): Paragraph[] {
  const own = link !== null && link.startsWith(`${publicUrl}/`) && PLAIN_URL.test(link) ? link : null;
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const lines = paragraph.split('\n');
      const [first = '', second] = lines;
      if (own !== null && second === own && first.endsWith(':') && lines.length === 2) {
        return { lines, link: own, label: first.slice(0, -1), code: null };
      }
      return { lines, link: null, label: null, code: CODE.test(paragraph) ? paragraph : null };
    });
}
