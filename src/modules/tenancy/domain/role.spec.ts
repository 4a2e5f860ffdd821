import { difference } from './role';

const CURATOR = { name: 'curator', description: 'Looks after datasets', permissions: ['dataset:*', 'detector:read'] };
const NOTHING = { granted: [], withdrawn: [] };

describe('what makes one role another', () => {
  it.each([
    ['nothing, when it is the same', {}, { fields: [], ...NOTHING }],
    ['nothing, in another order', { permissions: ['detector:read', 'dataset:*'] }, { fields: [], ...NOTHING }],
    ['its name', { name: 'keeper' }, { fields: ['name'], ...NOTHING }],
    ['its description', { description: '' }, { fields: ['description'], ...NOTHING }],
    [
      'what it grants more and what no longer',
      { permissions: ['detector:read', 'detector:create'] },
      { fields: ['permissions'], granted: ['detector:create'], withdrawn: ['dataset:*'] },
    ],
    [
      'all of it',
      { name: 'guest', description: 'Looks', permissions: [] },
      { fields: ['name', 'description', 'permissions'], granted: [], withdrawn: CURATOR.permissions },
    ],
  ])('is %s', (_, next, expected) => {
    expect(difference(CURATOR, { ...CURATOR, ...next })).toEqual(expected);
  });
});
