import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import { CODE_TRIES, Invitation, type InvitationState, keptSince, type NewInvitation } from './invitation';
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
};
const ANOTHER = { tokenHash: bytes(3), codeHash: bytes(4), expiresAt: at(200) };

const issued = (): Invitation => Invitation.issue(NEW, at(0));
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
    expect(invitation.renew(ANOTHER, at(150))).toBe(true);
    expect(invitation.isSealedBy(bytes(1))).toBe(false);
    expect(invitation.isSealedBy(bytes(3))).toBe(true);
    expect(invitation.isSealedBy(bytes(3).slice(0, 31))).toBe(false);
    expect(invitation.snapshot()).toMatchObject({ ...ANOTHER, createdAt: at(0), sentAt: at(150) });
    expect(invitation.status(at(199))).toBe('pending');
  });

  it.each([
    ['accepted', ACCEPTED],
    ['revoked', REVOKED],
  ])('that was %s is not sent again', (_, state) => {
    expect(having(state).renew(ANOTHER, at(6))).toBe(false);
  });

  it('takes the right code as often as it is shown', () => {
    const invitation = issued();
    expect([invitation.tryCode(true), invitation.tryCode(true)]).toEqual([true, true]);
    expect(invitation.snapshot().codeFailures).toBe(0);
  });

  it('takes no code any more after five wrong ones, sent again or not', () => {
    const invitation = issued();
    for (let wrong = 1; wrong <= CODE_TRIES; wrong += 1) {
      if (wrong === CODE_TRIES) expect(invitation.tryCode(true)).toBe(true);
      expect(invitation.tryCode(false)).toBe(false);
    }
    expect(invitation.snapshot().codeFailures).toBe(5);
    expect(invitation.tryCode(true)).toBe(false);
    invitation.renew(ANOTHER, at(10));
    expect(invitation.tryCode(true)).toBe(false);
    expect(invitation.status(at(10))).toBe('pending');
  });

  it('is kept for thirty days after its end', () => {
    expect(keptSince(new Date('2026-03-31T00:00:00Z'))).toEqual(new Date('2026-03-01T00:00:00Z'));
  });
});
