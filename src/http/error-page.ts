import { ERROR_CATALOGUE, errorAnchor } from '../platform/http/error-catalogue';
import type { ErrorCode } from '../kernel/domain-error';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The page at /docs/errors: every code with its cause and its cure. */
export function errorPage(): string {
  const codes = (Object.keys(ERROR_CATALOGUE) as ErrorCode[]).sort(
    (a, b) => ERROR_CATALOGUE[a].status - ERROR_CATALOGUE[b].status,
  );
  const sections = codes.map((code) => {
    const { status, title, cause, cure } = ERROR_CATALOGUE[code];
    return `<section id="${errorAnchor(code)}"><h2><code>${code}</code> <small>${status}</small></h2>
<p><strong>${escaped(title)}.</strong> ${escaped(cause)}</p><p>${escaped(cure)}</p></section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doorward: errors</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h2{margin:2rem 0 0;font-size:1.1rem}p{margin:.25rem 0}section:target{background:#fff6d6;outline:.5rem solid #fff6d6}</style></head>
<body><main><h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). Switch on <code>error_code</code>.</p>
${sections.join('\n')}
</main></body></html>
`;
}
