export type Eml = {
  /** By lower-case name, unfolded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
};

/** Reads a message of RFC 5322 with one text and one HTML part (RFC 2046); throws when it is anything else. */
export function readEml(source: string): Eml {
  const whole = entityOf(source);
  const boundary = /^multipart\/alternative;.*boundary="([^"]+)"/.exec(whole.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) throw new Error('Not a letter in alternative parts');
  const [, ...parts] = whole.body.split(`--${boundary}`);
  if (parts.pop()?.trim() !== '--') throw new Error('The letter has no end');
  const [text, html] = parts.map((part) => entityOf(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
  if (!text?.headers.get('content-type')?.startsWith('text/plain')) throw new Error('No text comes first');
  if (!html?.headers.get('content-type')?.startsWith('text/html')) throw new Error('No HTML comes second');
  return { headers: whole.headers, text: decoded(text), html: decoded(html) };
}

type Entity = { readonly headers: ReadonlyMap<string, string>; readonly body: string };

function entityOf(source: string): Entity {
  const end = source.indexOf('\r\n\r\n');
  if (end < 0 || /[^\r]\n/.test(source))
    throw new Error('Not a message: its head has no end, or its lines end otherwise');
  const lines = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const,
  );
  return { headers: new Map(headers), body: source.slice(end + 4) };
}

function decoded({ headers, body }: Entity): string {
  const encoding = headers.get('content-transfer-encoding');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
