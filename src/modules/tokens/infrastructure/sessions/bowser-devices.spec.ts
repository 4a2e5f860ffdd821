import { chrome, firefox, IPHONE, LINUX, safari } from '../../../../../test/support/user-agents';
import { BowserDevices } from './bowser-devices';

const IPHONE_UPDATED = 'iPhone; CPU iPhone OS 18_1 like Mac OS X';
const IPAD = 'iPad; CPU OS 17_4 like Mac OS X';

const devices = new BowserDevices();
const fingerprint = (userAgent: string | null, acceptLanguage: string | null = 'de-DE,de;q=0.9', ipAddress = '::1') =>
  devices.fingerprint({ userAgent, acceptLanguage, ipAddress });

describe('what a device looks like', () => {
  it('tells nothing of what it is made of, but of which version it is', () => {
    expect(fingerprint(firefox('133.0'))).toMatch(/^1\.[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ['the program is updated', firefox('133.0'), firefox('141.0.2')],
    ['another program is updated', chrome('131.0.0.0'), chrome('139.0.7258.66')],
    ['the system is updated', safari(IPHONE, '17.4'), safari(IPHONE_UPDATED, '18.1')],
    ['a tool is updated', 'curl/8.5.0', 'curl/8.11.1'],
  ])('stays the same when %s', (_, before, after) => {
    expect(fingerprint(after)).toBe(fingerprint(before));
  });

  it('stays the same wherever it connects from', () => {
    expect(fingerprint(firefox('133.0'), 'de', '203.0.113.7')).toBe(fingerprint(firefox('133.0'), 'de', '192.0.2.1'));
  });

  it.each([
    ['weights', 'de-DE,de;q=0.9', 'de-DE,de;q=0.8,en;q=0.5'],
    ['case', 'de-DE', 'DE-de'],
    ['a weight of the first', 'de', 'de;q=1.0'],
  ])('stays the same when languages differ in their %s alone', (_, one, other) => {
    expect(fingerprint(firefox('133.0'), other)).toBe(fingerprint(firefox('133.0'), one));
  });

  it.each([
    ['program', firefox('133.0'), chrome('131.0.0.0')],
    ['tool', 'curl/8.5.0', 'Wget/1.21'],
    ['system', firefox('133.0'), firefox('133.0', LINUX)],
    ['kind of device', safari(IPHONE, '17.4'), safari(IPAD, '17.4')],
    ['header at all', firefox('133.0'), null],
  ])('differs by the %s', (_, one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it.each([
    ['another', 'en-GB'],
    ['none', null],
    ['the same of another country', 'de-AT'],
  ])('differs when the first language is %s', (_, language) => {
    expect(fingerprint(firefox('133.0'), language)).not.toBe(fingerprint(firefox('133.0'), 'de-DE'));
  });

  it('is the same for two clients that say nothing', () => {
    expect(fingerprint('', '')).toBe(fingerprint(null, null));
  });
});
