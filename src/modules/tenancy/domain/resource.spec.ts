import { BUILT_IN_ROLES } from './built-in-roles';
import { isPermission, parsePermission } from './permission';
import { BUILT_IN_RESOURCES, isBuiltInResource } from './resource';

describe('the resources known from the start', () => {
  it('are those of the contract', () => {
    const names = 'api_key audit dataset detection detector experiment role session system tenant token user';
    expect(BUILT_IN_RESOURCES.map(({ name }) => name)).toEqual(names.split(' '));
  });

  it('make well-formed permissions, and say what they are', () => {
    const all = BUILT_IN_RESOURCES.flatMap(({ name, actions }) => actions.map((action) => `${name}:${action}`));
    expect(all.filter((permission) => !isPermission(permission))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    expect(BUILT_IN_RESOURCES.filter(({ description }) => description === '')).toEqual([]);
  });

  it('hold whatever a built-in role grants', () => {
    const granted = BUILT_IN_ROLES.flatMap(({ permissions }) => permissions).map((text) => parsePermission(text)!);
    const missing = granted.filter(({ resource, action }) => {
      const known = BUILT_IN_RESOURCES.find(({ name }) => name === resource);
      return resource !== '*' && action !== '*' && known?.actions.includes(action) !== true;
    });
    expect(missing).toEqual([]);
    expect(isBuiltInResource('invoice')).toBe(false);
  });
});
