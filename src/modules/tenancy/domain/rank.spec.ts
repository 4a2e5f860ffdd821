import { excess } from './rank';

const rank = (...permissions: string[]) => ({ permissions, systemAdministrator: false });
const system = (...permissions: string[]) => ({ permissions, systemAdministrator: true });

describe('what somebody has above an actor', () => {
  it.each([
    ['nothing: they may the same', rank('user:*'), rank('user:*'), []],
    ['nothing: they may less', rank('*:*'), rank('user:read', 'role:*'), []],
    ['nothing: they may nothing', rank(), rank(), []],
    ['what the actor may not', rank('user:*'), rank('user:read', 'role:read'), ['role:read']],
    ['a whole resource above one action', rank('user:update'), rank('user:*'), ['user:*']],
    ['everything above many', rank('user:*', 'role:*'), rank('*:*'), ['*:*']],
    ['system administration above all rights of a tenant', rank('*:*'), system(), ['system administration']],
    ['nothing: both are system administrators', system('user:*'), system('user:read'), []],
    ['rights that a system administrator has not here', system('user:*'), rank('*:*'), ['*:*']],
  ])('is %s', (_what, actor, other, expected) => {
    expect(excess(actor, other)).toEqual(expected);
  });
});
