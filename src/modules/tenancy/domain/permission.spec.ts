import { isPermission, permits } from './permission';

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
