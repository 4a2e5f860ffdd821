import type { AuditActionEntry } from './audit-action-entry';
import { AUDIT_AREAS } from './catalogue';
import { DETAIL_NAMES } from './detail-names';

const HEAD = `# Audit events

What the audit log records, action by action. This list is closed: nothing else can be recorded. It is made of
\`src/platform/events/catalogue\` by \`npm run docs:audit-events\`.

An event of success says that something happened, and was written in the transaction that did it; one of failure says that it
was tried and refused. The target is left out where there is none. Of the details only those that are listed are kept, and none
of them is of a person: who was at the other end is in fields of its own, which can be erased.
`;

/** docs/audit-events.md. */
export function renderedCatalogue(): string {
  const areas = Object.entries(AUDIT_AREAS).map(([title, actions]) => {
    const entries: readonly [string, AuditActionEntry][] = Object.entries(actions);
    return [`## ${title}\n`, ...entries.map(([action, entry]) => rendered(action, entry))].join('\n');
  });
  return [HEAD, ...areas, detailNames()].join('\n');
}

function rendered(action: string, { happened, refused, targets, details }: AuditActionEntry): string {
  const lines = [
    happened && `Success: ${happened}`,
    refused && `Failure: ${refused}`,
    targets.length > 0 && `Target: ${quoted(targets)}`,
    details.length > 0 && `Details: ${quoted(details)}`,
  ];
  return [`### \`${action}\`\n`, ...lines.filter(Boolean).map((line) => `- ${String(line)}`), ''].join('\n');
}

function detailNames(): string {
  const names = Object.entries(DETAIL_NAMES).map(([name, says]) => `- \`${name}\`: ${says}`);
  return ['## Details\n', ...names, ''].join('\n');
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
