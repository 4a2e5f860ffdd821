import { deviceLabel } from './user-agent';

const firefox = (version: string, system = 'Windows NT 10.0; Win64; x64'): string =>
  `Mozilla/5.0 (${system}; rv:${version}) Gecko/20100101 Firefox/${version}`;
const chrome = (version: string, system = 'Windows NT 10.0; Win64; x64'): string =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
const safari = (device: string, version: string): string =>
  `Mozilla/5.0 (${device}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;

const MAC = 'Macintosh; Intel Mac OS X 10.15';
const LINUX = 'X11; Linux x86_64';
const IPHONE = 'iPhone; CPU iPhone OS 17_4 like Mac OS X';

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
