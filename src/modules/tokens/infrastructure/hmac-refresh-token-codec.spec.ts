import { randomBytes, randomUUID } from 'node:crypto';
import { sessionId, tenantId, userId } from '../../../kernel/ids';
import { MasterKey } from '../../../platform/crypto/master-key';
import { Session, type SessionState } from '../domain/session';
import { HmacRefreshTokenCodec } from './hmac-refresh-token-codec';

const LIFETIMES = { idleSeconds: 3600, absoluteSeconds: 86_400 };
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function aSession(change: Partial<SessionState> = {}): SessionState {
  const begun = {
    id: sessionId(randomUUID()),
    userId: userId(randomUUID()),
    tenantId: tenantId(randomUUID()),
    secret: randomBytes(32),
    authenticationMethods: ['pwd'],
    deviceTrustedIn: null,
    securityStamp: null,
    deviceFingerprint: null,
    ipAddress: null,
    userAgent: null,
  };
  return { ...Session.start(begun, LIFETIMES, new Date('2026-01-01T12:00:00Z')).snapshot(), ...change };
}

const aCodec = (): HmacRefreshTokenCodec => new HmacRefreshTokenCodec(new MasterKey(randomBytes(32)));

function accepts(codec: HmacRefreshTokenCodec, token: string, session: SessionState): boolean {
  const presented = codec.open(token);
  return presented !== null && codec.isAuthentic(presented, session);
}

describe('a refresh token', () => {
  const codec = aCodec();

  it.each([1, 2, 255, 256, 65_536, 2_147_483_647])('carries its session and generation %i', (generation) => {
    const session = aSession({ generation });

    const presented = codec.open(codec.seal(session));

    expect(presented).toMatchObject({ sessionId: session.id, generation });
    expect(presented && codec.isAuthentic(presented, session)).toBe(true);
  });

  it('says what it is, and is not taken for an API key', () => {
    expect(codec.seal(aSession())).toMatch(/^dwrt_[A-Za-z0-9_-]{71}$/);
  });

  it('is the same each time for the same state, so that a lost answer can be given again', () => {
    const session = aSession();

    expect(codec.seal({ ...session, rotatedAt: new Date('2026-01-02T12:00:00Z') })).toBe(codec.seal(session));
  });

  it('is authentic in later generations of its session, which decide what it is worth', () => {
    const session = aSession({ generation: 3 });

    expect(accepts(codec, codec.seal(session), { ...session, generation: 9 })).toBe(true);
  });

  it('differs from generation to generation and from session to session', () => {
    const session = aSession();
    const tokens = [session, { ...session, generation: 2 }, { ...session, id: sessionId(randomUUID()) }].map((state) =>
      codec.seal(state),
    );

    expect(new Set(tokens).size).toBe(3);
  });

  it('holds no part of the secret of its session', () => {
    const session = aSession();
    const bytes = Buffer.from(codec.seal(session).slice('dwrt_'.length), 'base64url');

    expect(bytes.includes(Buffer.from(session.secret).subarray(0, 8))).toBe(false);
  });
});

describe('a forged refresh token', () => {
  const codec = aCodec();

  it('is refused whichever single character was changed, and to whatever', () => {
    const session = aSession();
    const token = codec.seal(session);
    const accepted: string[] = [];
    for (let at = 0; at < token.length; at++) {
      for (const character of BASE64URL) {
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        if (altered !== token && accepts(codec, altered, session)) accepted.push(altered);
      }
    }

    expect(accepted).toEqual([]);
  });

  it('is refused in another spelling of the very same bytes', () => {
    const token = codec.seal(aSession());
    const bytes = Buffer.from(token.slice('dwrt_'.length), 'base64url');
    const spellings = Array.from(BASE64URL, (last) => token.slice(0, -1) + last)
      .filter((spelling) => spelling !== token)
      .filter((spelling) => Buffer.from(spelling.slice('dwrt_'.length), 'base64url').equals(bytes));

    expect(spellings).toHaveLength(3);
    expect(spellings.map((spelling) => codec.open(spelling))).toEqual([null, null, null]);
  });

  it('is refused when the secret is another session’s', () => {
    const session = aSession();

    expect(accepts(codec, codec.seal({ ...session, secret: aSession().secret }), session)).toBe(false);
  });

  it('is refused when the master key is another', () => {
    const session = aSession();

    expect(accepts(codec, aCodec().seal(session), session)).toBe(false);
  });

  it('is refused for a session with the same secret and another id', () => {
    const session = aSession();

    expect(accepts(codec, codec.seal(session), { ...session, id: sessionId(randomUUID()) })).toBe(false);
  });

  it('is refused when it claims another generation', () => {
    const session = aSession({ generation: 3 });
    const presented = codec.open(codec.seal(session));

    expect(presented && codec.isAuthentic({ ...presented, generation: 4 }, session)).toBe(false);
  });

  it('is refused when it claims another version', () => {
    const token = codec.seal(aSession());
    const bytes = Buffer.from(token.slice('dwrt_'.length), 'base64url');
    bytes[0] = 2;

    expect(codec.open(`dwrt_${bytes.toString('base64url')}`)).toBeNull();
  });
});

describe('text that cannot be a refresh token', () => {
  const codec = aCodec();
  const token = codec.seal(aSession());

  it.each([
    ['nothing', ''],
    ['a word', 'token'],
    ['a prefix alone', 'dwrt_'],
    ['a token without its prefix', token.slice('dwrt_'.length)],
    ['a token with another prefix', token.replace('dwrt_', 'dw_live_')],
    ['a token in capitals', token.toUpperCase()],
    ['a token cut short', token.slice(0, -1)],
    ['a token with a letter more', `${token}A`],
    ['a token with padding', `${token}=`],
    ['a token with a blank before it', ` ${token}`],
    ['a token with a line break after it', `${token}\n`],
    ['two tokens', token + token],
    ['a hundred thousand letters', `dwrt_${'A'.repeat(100_000)}`],
  ])('is refused without an error: %s', (_, text) => {
    expect(codec.open(text)).toBeNull();
  });
});
