import { aProvider } from '../../../../../test/support/a-provider';
import { ProviderAnswerRefused } from '../../domain/errors';
import { type Claims, provenByClaims } from './proven-by-claims';

const GENERIC = aProvider({ issuer: 'https://login.example.com' });
const UNTRUSTED = aProvider({ issuer: 'https://login.example.com', trustEmail: false });
const GOOGLE = aProvider({ kind: 'google', issuer: 'https://accounts.google.com' });

const verified = (email: string, more: Claims = {}): Claims => ({ sub: '1', email, email_verified: true, ...more });

describe('the address an issuer tells of somebody', () => {
  it.each<[string, typeof GENERIC, Claims, Claims, [string | null, boolean]]>([
    ['is proven where its word is taken', GENERIC, verified('ann@example.com'), {}, ['ann@example.com', true]],
    [
      'is proven where "true" is a text',
      GENERIC,
      verified('a@example.com', { email_verified: 'true' }),
      {},
      ['a@example.com', true],
    ],
    ['is not where its word is not taken', UNTRUSTED, verified('ann@example.com'), {}, ['ann@example.com', false]],
    [
      'is not where it says no',
      GENERIC,
      verified('a@example.com', { email_verified: false }),
      {},
      ['a@example.com', false],
    ],
    ['is not where it says nothing', GENERIC, { sub: '1', email: 'a@example.com' }, {}, ['a@example.com', false]],
    ['is not where it says 1', GENERIC, verified('a@example.com', { email_verified: 1 }), {}, ['a@example.com', false]],
    [
      'is not where it says "TRUE"',
      GENERIC,
      verified('a@example.com', { email_verified: 'TRUE' }),
      {},
      ['a@example.com', false],
    ],
    ['is none where it is no address', GENERIC, verified('ann'), {}, [null, false]],
    ['is none where it is of other letters', GENERIC, verified('аnn@example.com'), {}, [null, false]],
    ['is none where it is too long', GENERIC, verified(`${'a'.repeat(250)}@example.com`), {}, [null, false]],
    [
      'is none where it is no text',
      GENERIC,
      { sub: '1', email: ['a@example.com'], email_verified: true },
      {},
      [null, false],
    ],
    [
      'is of the userinfo endpoint where the ID token has none',
      GENERIC,
      { sub: '1' },
      verified('a@example.com'),
      ['a@example.com', true],
    ],
    [
      'is not proven by what the other of the two says',
      GENERIC,
      { sub: '1', email: 'a@example.com' },
      verified('b@example.com'),
      ['a@example.com', false],
    ],
    [
      'is not proven by the ID token where it is of userinfo',
      GENERIC,
      { sub: '1', email_verified: true },
      { email: 'b@example.com' },
      ['b@example.com', false],
    ],
    ['is proven by Google of Gmail', GOOGLE, verified('Ann@GMail.com'), {}, ['Ann@GMail.com', true]],
    ['is proven by Google of Googlemail', GOOGLE, verified('ann@googlemail.com'), {}, ['ann@googlemail.com', true]],
    [
      'is proven by Google of an organisation it keeps',
      GOOGLE,
      verified('ann@example.com', { hd: 'example.com' }),
      {},
      ['ann@example.com', true],
    ],
    ['is not by Google of another mailbox', GOOGLE, verified('ann@example.com'), {}, ['ann@example.com', false]],
    [
      'is not by Google without an organisation',
      GOOGLE,
      verified('ann@example.com', { hd: '' }),
      {},
      ['ann@example.com', false],
    ],
    [
      'is not by Google of an organisation of userinfo',
      GOOGLE,
      { sub: '1' },
      verified('ann@example.com', { hd: 'x' }),
      ['ann@example.com', false],
    ],
    [
      'is not by Google of what only ends so',
      GOOGLE,
      verified('ann@gmail.com.example'),
      {},
      ['ann@gmail.com.example', false],
    ],
    ['is not by Google of what only sounds so', GOOGLE, verified('ann@notgmail.com'), {}, ['ann@notgmail.com', false]],
    [
      'is not by Google of Gmail it has not verified',
      GOOGLE,
      verified('a@gmail.com', { email_verified: false }),
      {},
      ['a@gmail.com', false],
    ],
  ])('%s', (_, provider, idToken, userinfo, [email, emailProven]) => {
    expect(provenByClaims(provider, idToken, userinfo)).toMatchObject({ email, emailProven });
  });
});

describe('the names an issuer tells', () => {
  it.each([
    ['Ann', 'Ann'],
    ['  Ann Marie ', 'Ann Marie'],
    ['', null],
    [' ', null],
    ['x'.repeat(101), null],
    ['An\nn', null],
    ['An\u202en', null],
    [7, null],
    [undefined, null],
  ])('of %j keep %j', (said, kept) => {
    const { firstName, lastName } = provenByClaims(GENERIC, { sub: '1', given_name: said, family_name: said });
    expect([firstName, lastName]).toEqual([kept, kept]);
  });
});

describe('the subject', () => {
  it.each(['1', 'a b', 'x'.repeat(255)])('%# may be one', (sub) => {
    expect(provenByClaims(GENERIC, { sub })).toMatchObject({ issuer: GENERIC.issuer, subject: sub });
  });

  // Two that the database would keep as one are worse than none.
  it.each(['', 'x'.repeat(256), 'a\u0000', 'é', '\ud800', 7, null, undefined])('%# may be none', (sub) => {
    expect(() => provenByClaims(GENERIC, { sub })).toThrow(ProviderAnswerRefused);
  });
});
