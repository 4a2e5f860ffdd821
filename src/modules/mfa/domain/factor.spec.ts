import { randomBytes, randomUUID } from 'node:crypto';
import { userId } from '../../../kernel/ids';
import { Factor, type NewFactor } from './factor';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const begun = (change: Partial<NewFactor> = {}): Factor =>
  Factor.setUp(
    { id: randomUUID(), userId: userId(randomUUID()), type: 'totp', label: 'App', secret: randomBytes(20), ...change },
    NOW,
  );

describe('a factor being set up', () => {
  it.each([
    [0, true],
    [3599.999, true],
    [3600, false],
    [86_400, false],
  ])('may be confirmed after %d seconds: %s', (seconds, may) => {
    expect(begun().isBeingSetUp(after(seconds))).toBe(may);
  });

  it('is none any more once it is confirmed, and was used then', () => {
    const factor = begun();
    factor.confirm(after(60));
    expect(factor.isBeingSetUp(after(60))).toBe(false);
    expect(factor.snapshot()).toMatchObject({ confirmedAt: after(60), lastUsedAt: after(60) });
  });
});

describe('a factor that is held', () => {
  it('proves nothing until the moment it is held to', () => {
    const factor = begun({ type: 'email', secret: null });
    expect(factor.isHeld(NOW)).toBe(false);
    factor.hold(after(10));
    expect([factor.isHeld(NOW), factor.isHeld(after(9.999)), factor.isHeld(after(10))]).toEqual([true, true, false]);
  });
});
