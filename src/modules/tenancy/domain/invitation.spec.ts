import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import {
  CODE_TRIES,
  Invitation,
  type InvitationState,
  keptSince,
  lifeOf,
  type NewInvitation,
  wrongCodesOf,
} from './invitation';
import type { InvitationId } from './invitation-id';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value);

const BOB = 'bob' as UserId;
const NEW: NewInvitation = {
  id: 'invitation' as InvitationId,
  tenantId: 'tenant' as TenantId,
  roleId: 'role' as RoleId,
  email: 'bob@example.com',
  emailKey: bytes(0),
  invitedBy: 'ann' as UserId,
  tokenHash: bytes(1),
  codeHash: bytes(2),
  expiresAt: at(100),
  codeExpiresAt: at(50),
};
const ANOTHER = { tokenHash: bytes(3), codeHash: bytes(4), expiresAt: at(200), codeExpiresAt: at(180) };
const RESENT = { by: BOB, wrongCodes: 0 };

const issued = (): Invitation => Invitation.issue(NEW, 0, at(0));
const having = (state: Partial<InvitationState>): Invitation =>
  Invitation.restore({ ...issued().snapshot(), ...state });
const ACCEPTED = { acceptedAt: at(5), acceptedBy: BOB };
const REVOKED = { revokedAt: at(5) };

describe('an invitation', () => {
  it('is pending from the first moment', () => {
    expect(issued().snapshot()).toEqual({
      ...NEW,
      codeFailures: 0,
      createdAt: at(0),
      sentAt: at(0),
      acceptedAt: null,
      acceptedBy: null,
      revokedAt: null,
    });
    expect(issued().status(at(0))).toBe('pending');
  });

  it.each<[string, Partial<InvitationState>, number, string]>([
    ['pending until it expires', {}, 99, 'pending'],
    ['expired from that moment on', {}, 100, 'expired'],
    ['accepted, however long ago', ACCEPTED, 500, 'accepted'],
    ['revoked, however long ago', REVOKED, 500, 'revoked'],
  ])('is %s', (_, state, second, status) => {
    expect(having(state).status(at(second))).toBe(status);
  });

  it('is accepted once', () => {
    const invitation = issued();
    expect(invitation.accept(BOB, at(5))).toBe(true);
    expect(invitation.snapshot()).toMatchObject(ACCEPTED);
    expect(invitation.accept('eve' as UserId, at(6))).toBe(false);
    expect(invitation.snapshot()).toMatchObject(ACCEPTED);
  });

  it.each<[string, Partial<InvitationState>, number]>([
    ['revoked', REVOKED, 6],
    ['expired', {}, 100],
  ])('that is %s is not accepted', (_, state, second) => {
    const invitation = having(state);
    const before = invitation.snapshot();
    expect(invitation.accept(BOB, at(second))).toBe(false);
    expect(invitation.snapshot()).toEqual(before);
  });

  it('is revoked once, expired or not', () => {
    const invitation = issued();
    expect(invitation.revoke(at(150))).toBe(true);
    expect(invitation.revoke(at(151))).toBe(false);
    expect(invitation.snapshot()).toMatchObject({ revokedAt: at(150) });
    expect(having(ACCEPTED).revoke(at(6))).toBe(false);
  });

  it('that is sent again is good by its new secret alone, and for its time', () => {
    const invitation = issued();
    expect(invitation.isSealedBy(bytes(1))).toBe(true);
    expect(invitation.renew(ANOTHER, RESENT, at(150))).toBe(true);
    expect(invitation.isSealedBy(bytes(1))).toBe(false);
    expect(invitation.isSealedBy(bytes(3))).toBe(true);
    expect(invitation.isSealedBy(bytes(3).slice(0, 31))).toBe(false);
    expect(invitation.snapshot()).toMatchObject({ ...ANOTHER, createdAt: at(0), sentAt: at(150), invitedBy: BOB });
    expect(invitation.status(at(199))).toBe('pending');
  });

  it.each([
    ['accepted', ACCEPTED],
    ['revoked', REVOKED],
  ])('that was %s is not sent again', (_, state) => {
    expect(having(state).renew(ANOTHER, RESENT, at(6))).toBe(false);
  });

  it('takes the right code as often as it is shown', () => {
    const invitation = issued();
    expect([invitation.tryCode(true, at(0)), invitation.tryCode(true, at(49))]).toEqual(['right', 'right']);
    expect(invitation.snapshot().codeFailures).toBe(0);
  });

  it('takes no code any more after five wrong ones, sent again or not', () => {
    const invitation = issued();
    for (let wrong = 1; wrong <= CODE_TRIES; wrong += 1) {
      if (wrong === CODE_TRIES) expect(invitation.tryCode(true, at(1))).toBe('right');
      expect(invitation.tryCode(false, at(1))).toBe('wrong_code');
    }
    expect(invitation.snapshot().codeFailures).toBe(5);
    expect(invitation.tryCode(true, at(1))).toBe('too_many_wrong_codes');
    invitation.renew(ANOTHER, RESENT, at(10));
    expect(invitation.tryCode(true, at(10))).toBe('too_many_wrong_codes');
    expect(invitation.snapshot().codeFailures).toBe(5);
    expect(invitation.status(at(10))).toBe('pending');
  });

  it('takes no code from the end of that on, counts none then, and is pending all the same', () => {
    const invitation = issued();
    expect([invitation.tryCode(true, at(50)), invitation.tryCode(false, at(50))]).toEqual([
      'code_expired',
      'code_expired',
    ]);
    expect(invitation.snapshot().codeFailures).toBe(0);
    expect(invitation.status(at(50))).toBe('pending');
  });

  it('begins with the wrong codes that the address has against it, made anew or sent again', () => {
    expect(Invitation.issue(NEW, 4, at(0)).snapshot().codeFailures).toBe(4);
    const [fewer, more] = [having({ codeFailures: 1 }), having({ codeFailures: 3 })];
    for (const invitation of [fewer, more]) invitation.renew(ANOTHER, { by: BOB, wrongCodes: 2 }, at(10));
    expect([fewer, more].map((invitation) => invitation.snapshot().codeFailures)).toEqual([2, 3]);
  });

  it.each([
    [604_800, 900],
    [900, 900],
    [60, 60],
  ])('whose link lives %d seconds has a code that lives %d', (link, code) => {
    const now = new Date('2026-01-01T00:00:00Z');
    const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
    expect(lifeOf(link, now)).toEqual({ expiresAt: after(link), codeExpiresAt: after(code) });
  });

  it('is found under its id in its own tenant alone', () => {
    const [own, other] = ['tenant' as TenantId, 'other' as TenantId];
    expect(issued().isOf(own, NEW.id)).toBe(true);
    expect(issued().isOf(other, NEW.id)).toBe(false);
    expect(issued().isOf(own, 'another' as InvitationId)).toBe(false);
  });

  it('has the most wrong codes of any that was sent to the address in the last day against it', () => {
    const sent = (sentAt: Date, codeFailures: number, state = {}): Invitation =>
      having({ sentAt, codeFailures, ...state });
    const now = new Date(at(1).getTime() + 86_400_000);
    expect(wrongCodesOf([], now)).toBe(0);
    expect(wrongCodesOf([sent(at(2), 2), sent(at(2), 3, REVOKED), sent(at(3), 1), sent(at(1), 5)], now)).toBe(3);
  });

  it('is kept for thirty days after its end', () => {
    expect(keptSince(new Date('2026-03-31T00:00:00Z'))).toEqual(new Date('2026-03-01T00:00:00Z'));
  });
});
