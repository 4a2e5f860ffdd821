import { userId } from '../../../kernel/ids';
import { Factor } from './factor';

const START = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const begun = (): Factor =>
  Factor.setUp(
    {
      id: '01890a5d-ac96-774b-bcce-b302099a8057',
      userId: userId('01890a5d-ac96-774b-bcce-b302099a8058'),
      type: 'totp',
      label: 'Authenticator app',
      secret: new Uint8Array(20),
    },
    at(0),
  );

describe('a factor', () => {
  it.each([
    [0, true],
    [3599, true],
    [3600, false],
  ])('may be confirmed within the hour: after %i seconds', (seconds, may) => {
    expect(begun().isBeingSetUp(at(seconds))).toBe(may);
  });

  it('is abandoned when it may not be confirmed any more, and no sooner', () => {
    const { createdAt } = begun().snapshot();
    const isAbandoned = (seconds: number): boolean => createdAt < Factor.abandonedBefore(at(seconds));
    expect([3600, 3600.001].map(isAbandoned)).toEqual([false, true]);
  });

  it('is confirmed once', () => {
    const factor = begun();
    factor.confirm(at(5));
    expect(factor.isBeingSetUp(at(6))).toBe(false);
    expect(factor.snapshot()).toMatchObject({ confirmedAt: at(5), lastUsedAt: at(5) });
  });

  it.each([
    [9, true],
    [10, false],
  ])('is held until its time is over: %i', (seconds, isHeld) => {
    const factor = begun();
    expect(factor.isHeld(at(0))).toBe(false);
    factor.hold(at(10));
    expect(factor.isHeld(at(seconds))).toBe(isHeld);
  });
});
