import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { slugOf } from './slug';

describe('the slug of a tenant', () => {
  it.each([
    ['Acme', 'acme'],
    ['Acme Industries', 'acme-industries'],
    ['  Acme & Sons, Ltd. ', 'acme-sons-ltd'],
    ['Café Zürich', 'cafe-zurich'],
    ['ﬁne', 'fine'],
    ['---a---', 'a'],
    ['a__b--c', 'a-b-c'],
    ['42', '42'],
    ['a'.repeat(60), 'a'.repeat(48)],
    [`${'a'.repeat(47)} b`, 'a'.repeat(47)],
    ['春の会社', 'tenant'],
    ['🦊', 'tenant'],
    ['!!!', 'tenant'],
    ['', 'tenant'],
  ])('of %j is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('is never an id, so that an id and a slug cannot be taken for each other', () => {
    const id = randomUUID();

    expect(slugOf(id)).toBe('tenant');
    expect(slugOf(id.toUpperCase())).toBe('tenant');
  });

  it('is part of an address as it stands, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        const slug = slugOf(name);

        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug.length).toBeLessThanOrEqual(48);
        expect(slugOf(slug)).toBe(slug);
      }),
    );
  });
});
