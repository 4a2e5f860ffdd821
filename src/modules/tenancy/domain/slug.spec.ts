import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { isSlug, SLUG, slugOf } from './slug';

describe('the slug of a tenant', () => {
  it.each([
    ['Acme', 'acme'],
    ['Acme Industries', 'acme-industries'],
    ['  Acme & Sons, Ltd. ', 'acme-sons-ltd'],
    ['Café Zürich', 'cafe-zurich'],
    ['ﬁne', 'fine'],
    ['---ab---', 'ab'],
    ['A', 'tenant'],
    ['---7---', 'tenant'],
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

        expect(slug).toMatch(SLUG);
        expect(slug.length).toBeLessThanOrEqual(48);
        expect(slugOf(slug)).toBe(slug);
      }),
    );
  });
});

describe('a slug that is wished for', () => {
  it.each(['acme', 'a1', '42', 'acme-sons-ltd', 'a'.repeat(63)])('may be %s', (slug) => {
    expect(isSlug(slug)).toBe(true);
  });

  it.each([
    '',
    'a',
    'a'.repeat(64),
    'Acme',
    'acme_sons',
    '-acme',
    'acme-',
    'acme--sons',
    'acmé',
    'acme sons',
    'acme\n',
    'xn--fsq',
    randomUUID(),
  ])('may not be %j', (slug) => {
    expect(isSlug(slug)).toBe(false);
  });

  it.each(['admin', 'api', 'me', 'www', 'system', 'null'])('may not be %s, which means something else', (slug) => {
    expect([isSlug(slug), isSlug(`${slug}-2`)]).toEqual([false, true]);
  });
});
