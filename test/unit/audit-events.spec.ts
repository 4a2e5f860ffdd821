import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { type AuditActionEntry } from '../../src/platform/events/catalogue/audit-action-entry';
import { AUDIT_ACTIONS, AUDIT_AREAS } from '../../src/platform/events/catalogue/catalogue';
import { DETAIL_NAMES } from '../../src/platform/events/catalogue/detail-names';
import { renderedCatalogue } from '../../src/platform/events/catalogue/render';

const ROOT = join(__dirname, '../..');
const entries: readonly [string, AuditActionEntry][] = Object.entries(AUDIT_ACTIONS);

/** Of a detail that has a name of its own the compiler sees which events may carry it; a name it never heard of it lets pass. */
function detailsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText(source) === 'details') {
      if (node.initializer) collect(node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  const collect = (node: ts.Node): void => {
    if (!ts.isObjectLiteralExpression(node)) return ts.forEachChild(node, collect);
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) collect(property.expression);
      else names.push(property.name.getText(source));
    }
  };
  visit(source);
  return names;
}

describe('the catalogue of audit events', () => {
  it('is what docs/audit-events.md says: npm run docs:audit-events', () => {
    expect(readFileSync(join(ROOT, 'docs/audit-events.md'), 'utf8')).toBe(renderedCatalogue());
  });

  it('has each action in one area', () => {
    const ofAreas = Object.values(AUDIT_AREAS).flatMap((actions) => Object.keys(actions));
    expect(ofAreas.sort()).toEqual(Object.keys(AUDIT_ACTIONS).sort());
  });

  it.each(entries)('says of %s what it means, in sentences', (action, { happened, refused }) => {
    expect(action).toMatch(/^[a-z_]{1,40}\.[a-z_]{1,40}$/);
    const sentences = [happened, refused].filter((sentence) => sentence !== undefined);
    expect(sentences).not.toEqual([]);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('has no name for a detail that no event carries', () => {
    const carried = new Set(entries.flatMap(([, { details }]) => details));
    expect(Object.keys(DETAIL_NAMES).filter((name) => !carried.has(name as keyof typeof DETAIL_NAMES))).toEqual([]);
  });

  it('knows every detail that is given to an event', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const isMaker = (file: string): boolean =>
      readFileSync(join(ROOT, 'src', file), 'utf8').includes("/events/event-log'");
    const makers = files.filter((file) => /(?<!\.spec)\.ts$/.test(file) && isMaker(file));
    const unknown = makers.flatMap((file) =>
      detailsIn(file)
        .filter((name) => !Object.hasOwn(DETAIL_NAMES, name))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(makers.flatMap(detailsIn).length).toBeGreaterThan(80);
  });
});
