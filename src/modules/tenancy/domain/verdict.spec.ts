import * as fc from 'fast-check';
import { permits } from './permission';
import { type HeldRole, verdictOn } from './verdict';

const role = (name: string, ...permissions: string[]): HeldRole => ({ name, permissions });
const HELD = [role('curator', 'dataset:*'), role('viewer', 'dataset:read', 'detector:read')];

describe('whether roles permit something', () => {
  it.each([
    ['by the permission itself', 'detector:read', { role: 'viewer', permission: 'detector:read' }],
    ['by the first role that grants it', 'dataset:read', { role: 'curator', permission: 'dataset:*' }],
    ['by all of a resource, when that is asked for', 'dataset:*', { role: 'curator', permission: 'dataset:*' }],
  ])('is said with the role and its grant: %s', (_, required, via) => {
    expect(verdictOn(required, HELD, null)).toEqual({ allowed: true, reason: 'granted', via });
  });

  it.each(['detector:create', 'detector:*', '*:*', 'unheard:of', 'DATASET:READ', 'dataset'])(
    'is denied where no role grants it: %s',
    (required) => {
      expect(verdictOn(required, HELD, null)).toEqual({ allowed: false, reason: 'not_granted', via: null });
    },
  );

  it('is denied to a key that was not given it, and says which role of its owner would grant it', () => {
    const via = { role: 'viewer', permission: 'detector:read' };
    expect(verdictOn('detector:read', HELD, ['dataset:*'])).toEqual({ allowed: false, reason: 'beyond_key', via });
    expect(verdictOn('detector:read', HELD, ['detector:read'])).toEqual({ allowed: true, reason: 'granted', via });
  });

  it('is denied to a key whose owner lost it', () => {
    expect(verdictOn('detector:create', HELD, ['detector:create'])).toMatchObject({ reason: 'not_granted', via: null });
  });

  const permission = fc
    .tuple(fc.constantFrom('detector', 'dataset'), fc.constantFrom('read', 'create', '*'))
    .map((sides) => sides.join(':'));
  const permissions = fc.array(permission, { maxLength: 4 });

  it('is what all grants of the roles together permit, and of a key what those and its own both do', () => {
    fc.assert(
      fc.property(
        fc.array(permissions, { maxLength: 3 }),
        fc.option(permissions),
        permission,
        (lists, key, required) => {
          const held = lists.map((list, at) => role(`role-${at}`, ...list));
          const verdict = verdictOn(required, held, key);
          expect(verdict.allowed).toBe(permits(lists.flat(), required) && (key === null || permits(key, required)));
        },
      ),
    );
  });
});
