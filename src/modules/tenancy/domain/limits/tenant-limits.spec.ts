import { changedLimits, isSpent, limitOf, NO_LIMITS } from './tenant-limits';

describe('a limit', () => {
  it('is spent when as many are there, and when more are', () => {
    expect([isSpent(3, 2), isSpent(3, 3), isSpent(3, 4), isSpent(0, 0)]).toEqual([false, true, true, true]);
  });

  it('is never spent where there is none', () => {
    expect(isSpent(null, 1_000_000)).toBe(false);
  });

  it('is that of its own thing', () => {
    const limits = {
      maxUsers: 1,
      maxApiKeys: 2,
      maxRoles: 3,
      maxRequestsPerDay: 4,
      maxMailsPerDay: 5,
      maxSmsPerDay: 6,
    };
    const all = (['users', 'api_keys', 'roles', 'requests', 'mails', 'sms'] as const).map((what) =>
      limitOf(limits, what),
    );
    expect(all).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a change of limits', () => {
  const present = { ...NO_LIMITS, maxUsers: 3, maxRoles: 0 };

  it('leaves what it does not name, and names what is different now', () => {
    expect(changedLimits(present, { maxApiKeys: 2, maxUsers: 3 })).toEqual({
      limits: { ...present, maxApiKeys: 2 },
      fields: ['maxApiKeys'],
    });
  });

  it('takes a limit away by null, and sets one of nothing by 0', () => {
    expect(changedLimits(present, { maxRoles: null, maxSmsPerDay: 0 })).toEqual({
      limits: { ...present, maxRoles: null, maxSmsPerDay: 0 },
      fields: ['maxRoles', 'maxSmsPerDay'],
    });
  });
});
