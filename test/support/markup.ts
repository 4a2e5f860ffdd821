export type Markup = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: Markup | null;
  /** Its own and that of all within, spaces as they stand. */
  text: string;
};

const VOID = new Set(['meta', 'br', 'input', 'hr', 'img', 'link']);
const TOKEN = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#x27': "'", '#x3D': '=' };

/**
 * All elements of a page in the order they begin. Stricter than any browser: throws where a tag is not closed in its
 * place, an attribute stands twice or without quotes, or an entity is unknown.
 */
export function markupOf(html: string): Markup[] {
  const elements: Markup[] = [];
  let open: Markup | null = null;
  let end = 0;
  for (const match of html.matchAll(TOKEN)) {
    const [whole, slash, name, attributes = '', text] = match;
    end = match.index + whole.length;
    if (text !== undefined) for (let at: Markup | null = open; at; at = at.parent) at.text += plain(text);
    if (name === undefined) continue;
    if (slash === '/') {
      if (open?.name !== name) throw new Error(`</${name}> closes ${open?.name ?? 'nothing'}`);
      open = open.parent;
    } else {
      const element: Markup = { name, attributes: attributesOf(attributes), parent: open, text: '' };
      elements.push(element);
      if (!VOID.has(name)) open = element;
    }
  }
  if (end !== html.length) throw new Error(`No markup: ${html.slice(end, end + 40)}`);
  if (open) throw new Error(`<${open.name}> is not closed`);
  return elements;
}

/** What somebody sees who looks at a page: not what is hidden, not the style, not the title. */
export function visibleText(html: string): string {
  const body = html
    .replace(/<head>[^]*?<\/head>/, '')
    .replace(/<(\w+)[^>]*display: none[^>]*>[^]*?<\/\1>/g, '')
    .replace(/<br>|<\/p>|<\/h1>/g, '\n$&');
  return markupOf(body)[0]!.text;
}

function attributesOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const attributes = new Map(pairs.map(([name, value]) => [name, plain(value)]));
  if (attributes.size !== pairs.length) throw new Error(`An attribute stands twice: ${text}`);
  return attributes;
}

function plain(text: string): string {
  return text.replace(/&([^;\s]*;?)/g, (_, entity: string) => {
    const character = entity.endsWith(';') ? ENTITIES[entity.slice(0, -1)] : undefined;
    if (character === undefined) throw new Error(`No entity: &${entity}`);
    return character;
  });
}
