import { BUILT_IN_ROLES, OWNER } from './built-in-roles';
import { isPermission } from './permission';

describe('the built-in roles of every tenant', () => {
  const grantsOf = (name: string): readonly string[] =>
    BUILT_IN_ROLES.find((role) => role.name === name)?.permissions ?? [];

  it('are owner, admin, data_scientist, analyst and viewer', () => {
    expect(BUILT_IN_ROLES.map(({ name }) => name)).toEqual(['owner', 'admin', 'data_scientist', 'analyst', 'viewer']);
    expect(OWNER).toBe('owner');
  });

  it.each([
    ['owner', '*:*'],
    [
      'admin',
      'detector:* dataset:* detection:* experiment:* user:* system:* ' +
        'role:* api_key:* audit:read session:* tenant:read tenant:update',
    ],
    [
      'data_scientist',
      'detector:create detector:read detector:update dataset:create dataset:read dataset:update ' +
        'detection:train detection:predict detection:explain experiment:create experiment:read experiment:update',
    ],
    ['analyst', 'detector:read dataset:read detection:predict detection:explain experiment:read'],
    ['viewer', 'detector:read dataset:read experiment:read'],
  ])('grant %s exactly what clients of earlier systems rely on', (name, grants) => {
    expect([...grantsOf(name)].sort()).toEqual(grants.split(' ').sort());
  });

  it('hold well-formed grants only, and say what they are for', () => {
    expect(BUILT_IN_ROLES.flatMap(({ permissions }) => permissions).filter((grant) => !isPermission(grant))).toEqual(
      [],
    );
    expect(BUILT_IN_ROLES.filter(({ description }) => description === '')).toEqual([]);
  });
});
