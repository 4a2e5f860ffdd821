import * as fc from 'fast-check';
import { beyond, common, grantFor, isPermission, parsePermission, permits } from './permission';

describe('a permission', () => {
  it.each([
    'detector:read',
    'api_key:create',
    'token:introspect',
    'a:b',
    'my-app:do-it',
    'x9:y_0',
    'dataset:*',
    '*:*',
    `${'a'.repeat(64)}:${'b'.repeat(64)}`,
    `${'a'.repeat(64)}:*`,
  ])('may be %s', (text) => {
    expect(isPermission(text)).toBe(true);
  });

  it.each([
    '',
    '*',
    ':',
    'detector',
    'detector:',
    ':read',
    'detector:read:all',
    '*:read',
    'det*:read',
    'detector:re*',
    'detector:**',
    'Detector:read',
    'detector:READ',
    '1detector:read',
    '_detector:read',
    'detector:-read',
    'detector.x:read',
    ' detector:read',
    'detector:read ',
    'detector:read\n',
    'détecteur:read',
    `${'a'.repeat(65)}:read`,
    `detector:${'b'.repeat(65)}`,
  ])('is never %j', (text) => {
    expect(isPermission(text)).toBe(false);
  });
});

describe('the sides of a permission', () => {
  it.each([
    ['detector:read', { resource: 'detector', action: 'read' }],
    ['dataset:*', { resource: 'dataset', action: '*' }],
    ['*:*', { resource: '*', action: '*' }],
    ['my-app:do_it', { resource: 'my-app', action: 'do_it' }],
  ])('of %s are what stands before and behind the colon', (text, sides) => {
    expect(parsePermission(text)).toEqual(sides);
  });

  it.each(['*:read', 'Detector:read', 'detector', 'detector:read:all', ''])('are not to be had of %j', (text) => {
    expect(parsePermission(text)).toBeNull();
  });
});

describe('grants', () => {
  it.each([
    ['the permission itself', ['detector:read'], 'detector:read'],
    ['every action of the resource', ['detector:*'], 'detector:read'],
    ['everything', ['*:*'], 'detector:read'],
    ['one of many', ['user:read', 'dataset:*', 'detector:read'], 'detector:read'],
    ['a whole resource, when the whole resource is asked for', ['detector:*'], 'detector:*'],
    ['everything, when everything is asked for', ['*:*'], '*:*'],
    ['everything, when a whole resource is asked for', ['*:*'], 'detector:*'],
  ])('that hold %s permit it', (_, grants, required) => {
    expect(permits(grants, required)).toBe(true);
  });

  it.each([
    ['are none', [], 'detector:read'],
    ['hold another action', ['detector:create'], 'detector:read'],
    ['hold another resource', ['dataset:*'], 'detector:read'],
    ['hold a resource whose name goes on', ['detector_x:*'], 'detector:read'],
    ['hold a resource whose name this one continues', ['detect:*'], 'detector:read'],
    ['hold single actions, when the whole resource is asked for', ['detector:read'], 'detector:*'],
    ['hold whole resources, when everything is asked for', ['detector:*', 'dataset:*'], '*:*'],
    ['are a star that is no grant', ['*'], 'detector:read'],
    ['are a pattern that is no grant', ['*:read'], 'detector:read'],
    ['are in capitals', ['DETECTOR:READ'], 'detector:read'],
    ['are the empty text', [''], 'detector:read'],
    ['are everything, when what is asked for is in capitals', ['*:*'], 'DETECTOR:READ'],
    ['are everything, when what is asked for is no permission', ['*:*'], '*:read'],
    ['are the very text, when that is no permission', ['*:read', 'detector'], '*:read'],
    ['are a whole resource, when only its name is asked for', ['detector:*'], 'detector'],
  ])('that %s do not permit it', (_, grants, required) => {
    expect(permits(grants, required)).toBe(false);
  });
});

/** Few names, so that two lists meet often. */
const name = fc.constantFrom('detector', 'dataset', 'detector_x');
const action = fc.constantFrom('read', 'create', '*');
const permission = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(name, action).map((sides) => sides.join(':')) },
  { weight: 1, arbitrary: fc.constant('*:*') },
);
const grants = fc.uniqueArray(permission, { maxLength: 5 });

describe('what is beyond grants', () => {
  it.each([
    ['nothing that they hold', ['detector:read', 'dataset:*'], ['detector:read', 'dataset:create'], []],
    ['a whole resource, of which they hold actions', ['detector:read'], ['detector:*'], ['detector:*']],
    ['everything, when they hold resources', ['detector:*', 'dataset:*'], ['*:*', 'dataset:*'], ['*:*']],
    ['nothing, when they are everything', ['*:*'], ['*:*', 'detector:*', 'dataset:read'], []],
    ['all, when they are none', [], ['detector:read'], ['detector:read']],
  ])('is %s', (_, held, wanted, expected) => {
    expect(beyond(held, wanted)).toEqual(expected);
  });
});

describe('what two lists of grants have in common', () => {
  it.each([
    ['a permission both hold', ['detector:read', 'dataset:read'], ['detector:read'], ['detector:read']],
    ['the action, where the other is the resource', ['detector:*'], ['detector:read'], ['detector:read']],
    ['the resource, where the other is everything', ['*:*'], ['detector:*'], ['detector:*']],
    ['everything, where both are', ['*:*'], ['*:*'], ['*:*']],
    ['nothing, where names only begin alike', ['detector:*'], ['detector_x:read'], []],
    ['nothing, where one is none', ['*:*'], [], []],
  ])('is %s', (_, some, others, expected) => {
    expect(common(some, others)).toEqual(expected);
    expect(common(others, some)).toEqual(expected);
  });

  it('permits exactly what both permit', () => {
    fc.assert(
      fc.property(grants, grants, permission, (some, others, required) => {
        expect(permits(common(some, others), required)).toBe(permits(some, required) && permits(others, required));
      }),
    );
  });

  it('is beyond neither', () => {
    fc.assert(
      fc.property(grants, grants, (some, others) => {
        const both = common(some, others);
        expect([...beyond(some, both), ...beyond(others, both)]).toEqual([]);
      }),
    );
  });

  it('is in either order the same, and said once', () => {
    fc.assert(
      fc.property(grants, grants, (some, others) => {
        const both = common(some, others);
        expect([...both].sort()).toEqual([...common(others, some)].sort());
        expect(new Set(both).size).toBe(both.length);
      }),
    );
  });

  it('is a list of its own, of what it has in common with everything', () => {
    fc.assert(
      fc.property(grants, (some) => {
        expect([...common(some, ['*:*'])].sort()).toEqual([...some].sort());
      }),
    );
  });
});

/** Texts of every kind: permissions, what looks like them, and anything at all. */
const side = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const anyPermission = fc.oneof(
  fc.tuple(side, fc.oneof(side, fc.constant('*'))).map((sides) => sides.join(':')),
  permission,
);
const anyText = fc.oneof(
  anyPermission,
  anyPermission.map((text) => text.toUpperCase()),
  fc.tuple(fc.constantFrom('*', 'de*', '', 'detector'), fc.constantFrom('read', 'r*', '')).map((s) => s.join(':')),
  fc.string(),
);
const anyGrants = fc.array(anyText, { maxLength: 6 });

/** What a grant says, in another way than the code: all single actions of a small world, and one nobody has heard of. */
const WORLD = ['detector', 'dataset', 'detector_x', 'unheard'].flatMap((resource) =>
  ['read', 'create', 'unheard'].map((one) => `${resource}:${one}`),
);
const meaning = (grant: string): string[] => {
  const pattern = new RegExp(`^${grant.replaceAll('*', '[a-z_]+')}$`);
  return WORLD.filter((single) => pattern.test(single));
};

describe('any text and any grants', () => {
  it('are a permission of two sides, or none: the sides make the text again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sides = parsePermission(text);
        expect(sides !== null).toBe(isPermission(text));
        if (sides) expect(`${sides.resource}:${sides.action}`).toBe(text);
      }),
    );
  });

  it('permit a single action exactly when one of them means it', () => {
    fc.assert(
      fc.property(grants, fc.constantFrom(...WORLD), (some, single) => {
        expect(permits(some, single)).toBe(some.some((grant) => meaning(grant).includes(single)));
      }),
    );
  });

  it('permit a star only when they permit all that it stands for, known or unknown', () => {
    fc.assert(
      fc.property(grants, permission, (some, wanted) => {
        if (permits(some, wanted)) for (const single of meaning(wanted)) expect(permits(some, single)).toBe(true);
      }),
    );
  });

  it('permit nothing that is no permission, and nothing in capitals', () => {
    fc.assert(
      fc.property(anyGrants, anyText, (some, text) => {
        if (!isPermission(text)) expect(permits([...some, text, '*:*'], text)).toBe(false);
        if (/[A-Z]/.test(text)) expect(permits([...some, '*:*'], text)).toBe(false);
      }),
    );
  });

  it('are not widened by what is no grant', () => {
    fc.assert(
      fc.property(anyGrants, anyPermission, (some, wanted) => {
        expect(permits(some, wanted)).toBe(permits(some.filter(isPermission), wanted));
      }),
    );
  });

  it('permit no less for being more, nor otherwise in another order', () => {
    fc.assert(
      fc.property(grants, grants, permission, (some, more, wanted) => {
        if (permits(some, wanted)) expect(permits([...more, ...some], wanted)).toBe(true);
        expect(permits(some.toReversed(), wanted)).toBe(permits(some, wanted));
      }),
    );
  });

  it('name the grant by which they permit', () => {
    fc.assert(
      fc.property(grants, permission, (some, wanted) => {
        const grant = grantFor(some, wanted);
        expect(grant !== null).toBe(permits(some, wanted));
        if (grant !== null) {
          expect(some).toContain(grant);
          expect(permits([grant], wanted)).toBe(true);
        }
      }),
    );
  });

  it('give nobody more by being granted, when nothing of them is beyond the granter', () => {
    fc.assert(
      fc.property(grants, grants, permission, (granter, granted, wanted) => {
        if (beyond(granter, granted).length > 0) return;
        if (permits(granted, wanted)) expect(permits(granter, wanted)).toBe(true);
      }),
    );
  });

  it('leave nothing beyond those to whom just that was added', () => {
    fc.assert(
      fc.property(grants, grants, (some, wanted) => {
        const missing = beyond(some, wanted);
        expect(beyond([...some, ...missing], wanted)).toEqual([]);
        expect(missing.filter((one) => permits(some, one))).toEqual([]);
      }),
    );
  });
});
