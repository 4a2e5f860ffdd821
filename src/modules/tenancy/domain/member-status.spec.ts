import { afterChange, type MemberStatus, type StatusChange } from './member-status';

describe('the status of a member', () => {
  it.each<[StatusChange, MemberStatus, string]>([
    ['lock', 'active', 'locked'],
    ['lock', 'locked', 'unchanged'],
    ['lock', 'disabled', 'contradicted'],
    ['unlock', 'active', 'unchanged'],
    ['unlock', 'locked', 'active'],
    ['unlock', 'disabled', 'contradicted'],
    ['disable', 'active', 'disabled'],
    ['disable', 'locked', 'disabled'],
    ['disable', 'disabled', 'unchanged'],
    ['enable', 'active', 'unchanged'],
    ['enable', 'locked', 'contradicted'],
    ['enable', 'disabled', 'active'],
  ])('after %s of a member who is %s is: %s', (change, status, expected) => {
    const outcome = afterChange(status, change);
    expect(outcome.kind === 'changed' ? outcome.status : outcome.kind).toBe(expected);
  });
});
