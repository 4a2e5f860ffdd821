import { tenantId, userId } from '../../../kernel/ids';
import { DEVICE_NAME_MAX, type NewTrustedDevice, TrustedDevice } from './trusted-device';

const START = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const STAMP = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';
const MONTH = 30 * 86_400;

const trusted = (overrides: Partial<NewTrustedDevice> = {}): TrustedDevice =>
  TrustedDevice.trust(
    {
      id: OTHER,
      userId: userId(STAMP),
      tenantId: tenantId(OTHER),
      tokenHash: new Uint8Array(32),
      securityStamp: STAMP,
      name: 'Firefox on Linux',
      ipAddress: null,
      ...overrides,
    },
    MONTH,
    at(0),
  );

describe('a trusted device', () => {
  it.each<[string, number, string, number, boolean]>([
    ['at once', 0, STAMP, MONTH, true],
    ['until the last moment', MONTH - 0.001, STAMP, MONTH, true],
    ['no more when its time is up', MONTH, STAMP, MONTH, false],
    ['no longer when devices are trusted for longer now', MONTH, STAMP, 2 * MONTH, false],
    ['for as long as devices are trusted now, when that is shorter', 59, STAMP, 60, true],
    ['no longer than that', 60, STAMP, 60, false],
    ['under no other stamp', 0, OTHER, MONTH, false],
  ])('is trusted %s', (_when, seconds, stamp, lasting, expected) => {
    expect(trusted().isTrusted(stamp, lasting, at(seconds))).toBe(expected);
  });

  it('is over at the same moment, whatever the stamp', () => {
    const device = trusted();
    expect([device.isOver(MONTH, at(MONTH - 1)), device.isOver(MONTH, at(MONTH))]).toEqual([false, true]);
    expect([device.isOver(60, at(59)), device.isOver(60, at(60))]).toEqual([false, true]);
  });

  it('notes its use once a minute', () => {
    const device = trusted();
    expect([0, 59, 60, 61, 119, 120].map((seconds) => device.use(at(seconds)))).toEqual([
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(device.snapshot().lastUsedAt).toEqual(at(120));
  });

  it('notes no use by a clock that is behind', () => {
    const device = trusted();
    device.use(at(60));
    expect([device.use(at(0)), device.snapshot().lastUsedAt]).toEqual([false, at(60)]);
  });

  it('is trusted for no longer because it is used', () => {
    const device = trusted();
    device.use(at(MONTH - 1));
    expect([device.snapshot().expiresAt, device.isTrusted(STAMP, MONTH, at(MONTH))]).toEqual([at(MONTH), false]);
  });

  it('changes nothing but its name when it is given another', () => {
    const device = trusted();
    const before = device.snapshot();
    device.rename('Laptop');
    expect(device.snapshot()).toEqual({ ...before, name: 'Laptop' });
  });

  it('has a name of no more characters than there is room for, none of them cut in two', () => {
    const { name } = trusted({ name: '🦊'.repeat(DEVICE_NAME_MAX + 1) }).snapshot();
    expect(name).toBe('🦊'.repeat(DEVICE_NAME_MAX));
  });
});
