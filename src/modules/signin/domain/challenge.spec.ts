import { tenantId, userId } from '../../../kernel/ids';
import { Challenge, type NewChallenge } from './challenge';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const SIGN_IN: NewChallenge = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  tokenHash: new Uint8Array(32),
  userId: userId('01890a5d-ac96-774b-bcce-b302099a8058'),
  tenantId: tenantId('01890a5d-ac96-774b-bcce-b302099a8059'),
  securityStamp: '01890a5d-ac96-774b-bcce-b302099a8060',
  authenticationMethods: ['pwd'],
  rememberDevice: false,
  byUsername: false,
  deviceId: null,
  riskScore: 10,
  riskSignals: ['new_device'],
};

describe('a challenge', () => {
  it('keeps what the first factor led to, and when its time is over', () => {
    const state = Challenge.give(SIGN_IN, 300, NOW).snapshot();
    expect(state).toEqual({ ...SIGN_IN, wrongCodes: 0, createdAt: NOW, expiresAt: after(300) });
  });

  it.each([
    [0, null],
    [299.999, null],
    [300, 'challenge_expired'],
    [301, 'challenge_expired'],
  ])('of five minutes, after %s seconds, has ended: %s', (seconds, ended) => {
    expect(Challenge.give(SIGN_IN, 300, NOW).endedAt(after(seconds))).toBe(ended);
  });

  it('stands five wrong codes, the last of which ends it', () => {
    const challenge = Challenge.give(SIGN_IN, 300, NOW);
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      expect(challenge.endedAt(NOW)).toBeNull();
      challenge.fail();
    }
    expect(challenge.endedAt(NOW)).toBe('challenge_used_up');
    expect(challenge.snapshot().wrongCodes).toBe(5);
  });

  it('does not change the state it was restored from', () => {
    const state = Challenge.give(SIGN_IN, 300, NOW).snapshot();
    Challenge.restore(state).fail();
    expect(state.wrongCodes).toBe(0);
  });
});
