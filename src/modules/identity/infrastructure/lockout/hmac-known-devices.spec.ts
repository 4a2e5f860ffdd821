import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { readSettings } from '../../../../platform/config/read-settings';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { SystemRandom } from '../../../../platform/crypto/random';
import type { DeviceOwner } from '../../application/lockout/known-devices.port';
import { HmacKnownDevices } from './hmac-known-devices';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const TTL = 3600;
const LOGIN = 'ann@example.com';
const ANN: DeviceOwner = { id: randomUUID(), securityStamp: randomUUID() };
const DEVICE = /^[0-9a-f]{32}$/;

const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const withKey = (byte: number): HmacKnownDevices => {
  const { signIn } = readSettings({ KNOWN_DEVICE_TTL: String(TTL) });
  return new HmacKnownDevices(new MasterKey(Buffer.alloc(32, byte)), new SystemRandom(), signIn);
};

describe('the token of a known device', () => {
  const devices = withKey(1);
  const aToken = (deviceId: string | null = null): string => devices.issue(ANN, LOGIN, deviceId, NOW);
  const known = (token: string, owner = ANN, now = NOW): string | null => devices.recognise(token, owner, now);
  const knownAs = (token: string, login = LOGIN, now = NOW): string | null =>
    devices.recogniseByName(token, login, now);

  it('is good for its owner, by account and by name, and names the same device', () => {
    const token = aToken();
    expect(token).toMatch(/^dwdt_[\w-]+$/);
    expect(token.length).toBeLessThanOrEqual(205);
    expect(known(token)).toMatch(DEVICE);
    expect(knownAs(token)).toBe(known(token));
  });

  it('is good on every replica', () => {
    expect(withKey(1).recognise(aToken(), ANN, NOW)).toMatch(DEVICE);
  });

  it('is dead once the stamp is another one', () => {
    expect(known(aToken(), { ...ANN, securityStamp: randomUUID() })).toBeNull();
  });

  it('is good until KNOWN_DEVICE_TTL is over, and not a moment longer', () => {
    const token = aToken();
    const [good, dead] = [after(TTL - 0.001), after(TTL)];
    expect([known(token, ANN, good), knownAs(token, LOGIN, good)]).toEqual([known(token), known(token)]);
    expect([known(token, ANN, dead), knownAs(token, LOGIN, dead)]).toEqual([null, null]);
  });

  it('is good on a replica whose clock is behind', () => {
    expect(known(aToken(), ANN, after(-20))).toMatch(DEVICE);
  });

  it('is good for no other user, were their stamp the same', () => {
    expect(known(aToken(), { ...ANN, id: randomUUID() })).toBeNull();
  });

  it('is good by its name whatever the case, and by no other', () => {
    const token = devices.issue(ANN, 'Ann@Example.com', null, NOW);
    for (const login of ['ann@example.com', 'ANN@EXAMPLE.COM']) expect(knownAs(token, login)).toMatch(DEVICE);
    for (const login of ['ann', 'bob@example.com', '', ' ann@example.com']) expect(knownAs(token, login)).toBeNull();
  });

  it('is dead when any bit of it is another one', () => {
    const bytes = Buffer.from(aToken().slice('dwdt_'.length), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const forged = Buffer.from(bytes);
        forged[index]! ^= 1 << bit;
        const token = `dwdt_${forged.toString('base64url')}`;
        expect([index, bit, known(token), knownAs(token)]).toEqual([index, bit, null, null]);
      }
    }
  });

  it('is dead when it is shorter or longer', () => {
    const token = aToken();
    for (let length = 0; length < token.length; length += 1) expect(known(token.slice(0, length))).toBeNull();
    for (const more of ['A', 'AAAA', '=', ' ', '\n']) {
      expect([known(token + more), knownAs(token + more)]).toEqual([null, null]);
    }
  });

  it('is none under another MASTER_KEY', () => {
    const token = withKey(2).issue(ANN, LOGIN, null, NOW);
    expect([known(token), knownAs(token)]).toEqual([null, null]);
  });

  it('is none, whatever else somebody sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.uint8Array({ maxLength: 200 })), (sent) => {
        const text = typeof sent === 'string' ? sent : Buffer.from(sent).toString('base64url');
        for (const token of [text, `dwdt_${text}`]) expect([known(token), knownAs(token)]).toEqual([null, null]);
      }),
    );
  });

  it('is renewed for the same device, and good for as long again', () => {
    const device = known(aToken())!;
    const renewed = devices.issue(ANN, LOGIN, device, after(TTL - 1));
    expect(known(renewed, ANN, after(2 * TTL - 2))).toBe(device);
  });

  it('names a device of its own each time, and shows nothing of whom it knows', () => {
    const tokens = Array.from({ length: 100 }, () => aToken());
    expect(new Set(tokens.map((token) => known(token))).size).toBe(100);
    const [shown = ''] = tokens.map((token) =>
      Buffer.from(token.slice('dwdt_'.length), 'base64url').toString('latin1'),
    );
    for (const secret of [LOGIN, ANN.securityStamp]) expect(shown).not.toContain(secret);
  });
});
