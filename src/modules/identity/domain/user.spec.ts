import { randomBytes, randomUUID } from 'node:crypto';
import { userId } from '../../../kernel/ids';
import { type NewUser, User, type UserState, type ProvenPassword } from './user';

const CREATED = new Date('2026-01-01T12:00:00Z');
const NOW = new Date('2026-01-02T12:00:00Z');

const aHash = (): string => randomBytes(16).toString('hex');

function aNewUser(change: Partial<NewUser> = {}): NewUser {
  return {
    id: userId(randomUUID()),
    email: 'ann@example.com',
    username: 'ann',
    firstName: 'Ann',
    lastName: 'Example',
    emailVerified: true,
    systemAdministrator: false,
    passwordHash: aHash(),
    passwordChangeRequired: false,
    securityStamp: randomUUID(),
    ...change,
  };
}

function aUser(change: Partial<UserState> = {}): { user: User; before: UserState; hash: string } {
  const before = { ...User.create(aNewUser(), CREATED).snapshot(), ...change };
  return { user: User.restore(before), before, hash: before.passwordHash ?? aHash() };
}

describe('a new user', () => {
  it('is active, has never signed in, and has had its password since now', () => {
    expect(User.create(aNewUser(), NOW).snapshot()).toMatchObject({
      status: 'active',
      lastLoginAt: null,
      passwordChangedAt: NOW,
      createdAt: NOW,
      updatedAt: NOW,
    });
  });

  it.each([
    [true, NOW],
    [false, null],
  ])('with a verified address (%s) has it verified at %s', (emailVerified, emailVerifiedAt) => {
    expect(User.create(aNewUser({ emailVerified }), NOW).snapshot()).toMatchObject({ emailVerifiedAt });
  });

  it('is found whichever way its address and username are spelt', () => {
    const user = User.create(aNewUser({ email: 'Ann@Example.COM', username: 'Ann.E' }), NOW).snapshot();

    expect(user).toMatchObject({ email: 'Ann@Example.COM', emailKey: 'ann@example.com' });
    expect(user).toMatchObject({ username: 'Ann.E', usernameKey: 'ann.e' });
  });

  it('needs no password, and has never had one then', () => {
    expect(User.create(aNewUser({ passwordHash: null }), NOW).snapshot()).toMatchObject({
      passwordHash: null,
      passwordChangedAt: null,
    });
  });

  it('needs no username', () => {
    expect(User.create(aNewUser({ username: null }), NOW).snapshot()).toMatchObject({
      username: null,
      usernameKey: null,
    });
  });
});

/** A password that matched the hash, of an account with another stamp by now unless it is said. */
const by = (hash: string, securityStamp: string = randomUUID()): ProvenPassword => ({ hash, securityStamp });

describe('admitting a user whose password matched', () => {
  const ADMITTED = { kind: 'admitted', securityStamp: expect.any(String) as string } as const;

  it('opens the account and changes nothing about it: who is asked for a second factor is not in yet', () => {
    const { user, before, hash } = aUser();

    expect(user.admit(by(hash), null, false)).toEqual({ kind: 'admitted', securityStamp: before.securityStamp });
    expect(user.snapshot()).toEqual(before);
  });

  it('keeps a stronger hash of the same password', () => {
    const { user, before, hash } = aUser();
    const stronger = aHash();

    user.admit(by(hash), stronger, false);

    expect(user.snapshot()).toEqual({ ...before, passwordHash: stronger });
  });

  it('opens the account to all who sign in at once, though the first of them brought a stronger hash', () => {
    const { user, before, hash } = aUser();
    const [first, second] = [aHash(), aHash()];
    user.admit(by(hash, before.securityStamp), first, false);

    expect(user.admit(by(hash, before.securityStamp), second, false)).toMatchObject({ kind: 'admitted' });
    expect(user.admit(by(hash), null, false)).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['active', 'verified', true, ADMITTED],
    ['active', 'verified', false, ADMITTED],
    ['active', 'unverified', false, ADMITTED],
    ['active', 'unverified', true, { kind: 'refused', reason: 'unverified' }],
    ['disabled', 'verified', false, { kind: 'refused', reason: 'disabled' }],
    ['disabled', 'unverified', true, { kind: 'refused', reason: 'disabled' }],
  ] as const)(
    'decides about an account that is %s and %s, verification required: %s',
    (status, address, required, admission) => {
      const { user, hash } = aUser({ status, emailVerifiedAt: address === 'verified' ? CREATED : null });

      expect(user.admit(by(hash), null, required)).toEqual(admission);
    },
  );

  it('refuses the password that was right until somebody changed it a moment ago', () => {
    const { user } = aUser();

    expect(user.admit(by(aHash()), null, false)).toEqual({ kind: 'refused', reason: 'password_changed' });
  });

  it('refuses every password of an account that has none', () => {
    const { user } = aUser({ passwordHash: null });

    expect(user.admit(by(aHash()), null, false)).toEqual({ kind: 'refused', reason: 'password_changed' });
  });

  it.each([
    ['disabled', { status: 'disabled' }],
    ['unverified', { emailVerifiedAt: null }],
  ] as const)('changes nothing about an account it refuses as %s', (_, change) => {
    const { user, before, hash } = aUser(change);

    user.admit(by(hash), aHash(), true);

    expect(user.snapshot()).toEqual(before);
  });
});

describe('a sign-in that goes on', () => {
  it.each([
    ['active', 'verified', true, 'admitted', null],
    ['active', 'verified', false, 'admitted', null],
    ['active', 'unverified', false, 'admitted', null],
    ['active', 'unverified', true, 'refused', 'unverified'],
    ['disabled', 'verified', false, 'refused', 'disabled'],
  ] as const)(
    'finds the account, which is %s and %s by now, verification required: %s, and is %s',
    (status, address, required, kind, reason) => {
      const { user, before } = aUser({ status, emailVerifiedAt: address === 'verified' ? CREATED : null });

      const admission = user.resume(before.securityStamp, required);

      expect(admission).toEqual(reason ? { kind, reason } : { kind, securityStamp: before.securityStamp });
      expect(user.snapshot()).toEqual(before);
    },
  );

  it('is refused once something that protects the account has changed', () => {
    expect(aUser().user.resume(randomUUID(), false)).toEqual({ kind: 'refused', reason: 'stamp_changed' });
  });
});

describe('changing the password', () => {
  it('replaces the hash and the security stamp, and asks for no further change', () => {
    const { user, before, hash } = aUser({ passwordChangeRequired: true });
    const [passwordHash, securityStamp] = [aHash(), randomUUID()];

    expect(user.changePassword(by(hash), passwordHash, securityStamp, NOW)).toBe(true);
    expect(user.snapshot()).toEqual({
      ...before,
      passwordHash,
      securityStamp,
      passwordChangedAt: NOW,
      passwordChangeRequired: false,
      updatedAt: NOW,
    });
  });

  it.each([
    ['somebody else changed it first', {}, aHash()],
    ['the account was disabled meanwhile', { status: 'disabled' }, null],
    ['the account has no password', { passwordHash: null }, null],
  ] as const)('is refused and changes nothing when %s', (_, change, proven) => {
    const { user, before, hash } = aUser(change);

    expect(user.changePassword(by(proven ?? hash), aHash(), randomUUID(), NOW)).toBe(false);
    expect(user.snapshot()).toEqual(before);
  });

  it('lets only the first of two changes that proved the same password win', () => {
    const { user, hash } = aUser();
    const [first, second] = [aHash(), aHash()];

    expect(user.changePassword(by(hash), first, randomUUID(), NOW)).toBe(true);
    expect(user.changePassword(by(hash), second, randomUUID(), NOW)).toBe(false);
    expect(user.snapshot().passwordHash).toBe(first);
  });
});

describe('showing that one reads the mails of an account', () => {
  it('verifies its address once', () => {
    const { user, before } = aUser({ emailVerifiedAt: null });

    expect(user.verifyEmail(NOW)).toBe(true);
    expect(user.snapshot()).toEqual({ ...before, emailVerifiedAt: NOW, updatedAt: NOW });
    expect(user.verifyEmail(new Date(NOW.getTime() + 1))).toBe(false);
    expect(user.snapshot().emailVerifiedAt).toEqual(NOW);
  });

  it.each([
    ['known_mailbox', CREATED, CREATED],
    ['first_proof', null, NOW],
  ] as const)('sets a new password, whatever the old one was: %s', (outcome, verifiedAt, emailVerifiedAt) => {
    const { user, before } = aUser({ emailVerifiedAt: verifiedAt, passwordChangeRequired: true });
    const [passwordHash, securityStamp] = [aHash(), randomUUID()];

    expect(user.resetPassword(passwordHash, securityStamp, NOW)).toBe(outcome);
    expect(user.snapshot()).toEqual({
      ...before,
      passwordHash,
      securityStamp,
      emailVerifiedAt,
      passwordChangedAt: NOW,
      passwordChangeRequired: false,
      updatedAt: NOW,
    });
  });

  it('gives a password to an account that had none', () => {
    const { user } = aUser({ passwordHash: null });
    const hash = aHash();

    expect(user.resetPassword(hash, randomUUID(), NOW)).toBe('known_mailbox');
    expect(user.snapshot().passwordHash).toBe(hash);
  });

  it('sets no password of a disabled account, and proves nothing to it', () => {
    const { user, before } = aUser({ status: 'disabled', emailVerifiedAt: null });

    expect(user.resetPassword(aHash(), randomUUID(), NOW)).toBe('refused');
    expect(user.snapshot()).toEqual(before);
  });
});

describe('a user for whom another issuer vouches', () => {
  it.each([
    ['is admitted, with a password or without', {}, false, true, { kind: 'admitted' }],
    ['is refused while the account is disabled', { status: 'disabled' }, true, true, { reason: 'disabled' }],
    ['is refused while wrong passwords keep them out', { emailVerifiedAt: null }, true, true, { reason: 'locked' }],
    ['is refused with an address to be proven', { emailVerifiedAt: null }, false, true, { reason: 'unverified' }],
    ['is admitted where no address need be', { emailVerifiedAt: null }, false, false, { kind: 'admitted' }],
  ] as const)('%s', (_, change, keptOut, required, admission) => {
    for (const passwordHash of [aHash(), null]) {
      const { user, before } = aUser({ ...change, passwordHash });
      expect(user.admitFederated(keptOut, required)).toMatchObject(admission);
      expect(user.snapshot()).toEqual(before);
    }
  });
});

describe('reclaiming an account', () => {
  it('leaves nothing by which whoever made it could come back, and proves its address', () => {
    const { user, before, hash } = aUser({ emailVerifiedAt: null, passwordChangeRequired: true });
    const securityStamp = randomUUID();

    expect(user.reclaim(securityStamp, NOW)).toBe(true);
    expect(user.snapshot()).toEqual({
      ...before,
      passwordHash: null,
      passwordChangedAt: null,
      passwordChangeRequired: false,
      emailVerifiedAt: NOW,
      securityStamp,
      updatedAt: NOW,
    });
    expect(user.admit(by(hash), null, false)).toEqual({ kind: 'refused', reason: 'password_changed' });
  });

  it.each([
    ['whose address was proven before', {}],
    ['that is disabled', { status: 'disabled', emailVerifiedAt: null }],
  ] as const)('does nothing to one %s', (_, change) => {
    const { user, before } = aUser(change);

    expect(user.reclaim(randomUUID(), NOW)).toBe(false);
    expect(user.snapshot()).toEqual(before);
  });
});

describe('changing the address', () => {
  it('gives the account the proven one, and another security stamp', () => {
    const { user, before } = aUser({ emailVerifiedAt: null });
    const securityStamp = randomUUID();

    expect(user.changeEmail('Ann.Lee@Example.ORG', securityStamp, NOW)).toBe(true);
    expect(user.snapshot()).toEqual({
      ...before,
      email: 'Ann.Lee@Example.ORG',
      emailKey: 'ann.lee@example.org',
      emailVerifiedAt: NOW,
      securityStamp,
      updatedAt: NOW,
    });
  });

  it.each([
    ['it is the address already', 'ann@example.com', {}],
    ['it is another spelling of it', 'ANN@Example.com', {}],
    ['the account is disabled', 'ann@example.org', { status: 'disabled' }],
  ] as const)('is refused and changes nothing when %s', (_, address, change) => {
    const { user, before } = aUser(change);

    expect(user.changeEmail(address, randomUUID(), NOW)).toBe(false);
    expect(user.snapshot()).toEqual(before);
  });
});

describe('editing the profile', () => {
  it.each([
    ['a first name', { firstName: 'Anna' }, ['firstName']],
    ['a last name', { lastName: null }, ['lastName']],
    ['a username', { username: 'anna' }, ['username']],
    ['all three', { username: 'anna', firstName: 'Anna', lastName: 'E' }, ['username', 'firstName', 'lastName']],
    ['one of two, the other as it was', { firstName: 'Ann', lastName: 'E' }, ['lastName']],
  ])('changes %s and says so', (_, change, changed) => {
    const { user, before } = aUser();

    expect(user.edit(change, NOW)).toEqual(changed);
    expect(user.snapshot()).toMatchObject({ ...change, updatedAt: NOW, email: before.email });
  });

  it.each([
    ['nothing', {}],
    ['what is there already', { username: 'ann', firstName: 'Ann', lastName: 'Example' }],
  ])('leaves no trace of a change to %s', (_, change) => {
    const { user, before } = aUser();

    expect(user.edit(change, NOW)).toEqual([]);
    expect(user.snapshot()).toEqual(before);
  });

  it('keeps what is left out', () => {
    const { user, before } = aUser();

    user.edit({ firstName: 'Anna' }, NOW);

    expect(user.snapshot()).toEqual({ ...before, firstName: 'Anna', updatedAt: NOW });
  });

  it.each([
    ['Ann', 'ann'],
    ['BOB.7', 'bob.7'],
    [null, null],
  ])('compares the new username %s as %s', (username, usernameKey) => {
    const { user } = aUser({ username: 'zoe', usernameKey: 'zoe' });

    user.edit({ username }, NOW);

    expect(user.snapshot()).toMatchObject({ username, usernameKey });
  });
});

describe('a restored user', () => {
  it('does not change the state it was restored from', () => {
    const { user, before } = aUser();
    const untouched = { ...before };

    user.edit({ firstName: 'Anna' }, NOW);

    expect(before).toEqual(untouched);
  });
});
