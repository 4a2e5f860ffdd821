import * as fc from 'fast-check';
import { beyond, common, isPermission, permits } from './permission';

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
