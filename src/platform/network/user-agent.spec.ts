import { chrome, firefox, IPHONE, LINUX, safari } from '../../../test/support/user-agents';
import { deviceLabel } from './user-agent';

const MAC = 'Macintosh; Intel Mac OS X 10.15';

describe('the name of a device, for people', () => {
  it.each([
    [firefox('133.0'), 'Firefox on Windows'],
    [firefox('133.0', LINUX), 'Firefox on Linux'],
    [chrome('131.0.0.0', MAC), 'Chrome on macOS'],
    [safari(IPHONE, '17.4'), 'Safari on iOS'],
    ['curl/8.5.0', 'curl'],
    ['python-requests/2.31.0', 'python-requests'],
    ['okhttp/4.12.0', 'okhttp'],
    ['', 'Unknown device'],
    [null, 'Unknown device'],
    ['(nothing/known)', 'Unknown device'],
  ])('of %j is "%s"', (userAgent, label) => {
    expect(deviceLabel(userAgent)).toBe(label);
  });

  it.each(['x'.repeat(8192), '<script>'.repeat(500), '\u0000\u202e'])(
    'is short, whatever somebody sends: %#',
    (userAgent) => {
      expect(deviceLabel(userAgent).length).toBeLessThan(100);
    },
  );

  // It stands in a mail to the owner, and the header may be the thief's.
  it.each(['a/b '.repeat(2000), 'Your account is locked, call us at evil.example/now or lose it'])(
    'holds no text of somebody else’s choice: %#',
    (userAgent) => {
      expect(deviceLabel(userAgent)).toMatch(/^[^\s/()]{1,40}( on \S+)?$/);
    },
  );
});
