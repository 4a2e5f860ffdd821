import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import type { Answer, Tokens } from '../support/client';
import { command, type Ended } from '../support/commands';
import { aDatabase, DATABASES } from '../support/database';
import { cleanUp, type Server, until } from '../support/process';
import { expectWithinASecond, type Refusal, refusalOf, type Replicas, twoReplicas } from '../support/replicas';
import { aService } from '../support/service';

const ISSUER = 'http://localhost:3000';
const AUDIENCE = 'doorward';
const CLIENTS = 6;
/** So many times each client goes round before and after whatever happens to the keys. */
const TURNS = 3;

type Key = { readonly kid: string; readonly state: string };
/** A server in a process of its own, or one in this process. */
type Place = Pick<Server, 'client'>;
type Published = { readonly keys: (JWK & { readonly kid: string })[] };

const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;

async function jwksOf({ client }: Place): Promise<{ readonly set: Published; readonly maxAgeSeconds: number }> {
  const { status, body, headers } = await client.get('//.well-known/jwks.json');
  expect(status).toBe(200);
  const [, seconds = ''] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? [];
  return { set: body as unknown as Published, maxAgeSeconds: Number(seconds) };
}

const publishedBy = async (server: Place): Promise<readonly string[]> =>
  (await jwksOf(server)).set.keys.map(({ kid }) => kid);

/** Knows the service by its JWK set alone, of which it keeps a copy for as long as it may: the worst case. */
class ResourceServer {
  private keys: ReturnType<typeof createLocalJWKSet> | undefined;
  private keptUntil = 0;

  constructor(private readonly server: Place) {}

  /** Throws when it refuses the token. */
  async accept(token: string): Promise<void> {
    if (!this.keys || performance.now() >= this.keptUntil) await this.fetch();
    const verified = await jwtVerify(token, this.keys!, { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt' });
    expect(verified.payload.sid).toEqual(expect.any(String));
  }

  async fetch(): Promise<void> {
    const { set, maxAgeSeconds } = await jwksOf(this.server);
    this.keys = createLocalJWKSet(set);
    this.keptUntil = performance.now() + maxAgeSeconds * 1000;
  }
}

/** People who sign in, refresh and use what they get, at both replicas, for as long as the keys are being changed. */
class Traffic {
  readonly refused: string[] = [];
  private readonly turns = new Map<number, number>();
  private ended = false;
  private readonly clients: readonly Promise<void>[];

  constructor(
    private readonly both: readonly [Server, Server],
    private readonly resources: ResourceServer | null,
    emails: readonly string[],
  ) {
    this.clients = emails.map((email, client) => this.live(email, client));
  }

  /** Waits until every client has gone round some more times. */
  async goesOn(): Promise<void> {
    const before = new Map(this.turns);
    const grown = (client: number): boolean =>
      (this.turns.get(client) ?? 0) >= (before.get(client) ?? 0) + TURNS || this.refused.length > 0;
    await until('the clients go on', () => this.clients.every((_, client) => grown(client)));
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.clients);
  }

  private async live(email: string, client: number): Promise<void> {
    for (let turn = 0; !this.ended; turn += 1) {
      const [here, there] = turn % 2 ? this.both : [this.both[1], this.both[0]];
      const signedIn = this.granted('signs in', await here.client.login(email));
      if (!signedIn) return;
      const refreshed = this.granted('refreshes', await there.client.refresh(signedIn.refresh));
      if (!refreshed) return;
      // There is no order of issue and use in which a token is not known.
      for (const { access } of [signedIn, refreshed]) {
        for (const server of this.both) this.granted('calls', await server.client.get('/auth/me', { token: access }));
        await this.resources?.accept(access).catch((error: unknown) => this.refused.push(`offline: ${String(error)}`));
      }
      this.turns.set(client, turn + 1);
    }
  }

  private granted(does: string, { status, text, body }: Answer): Tokens | null {
    if (status !== 200) this.refused.push(`${does}: ${status} ${text}`);
    if (status !== 200) return null;
    return { access: body.access_token, refresh: body.refresh_token, session: body.session_id };
  }
}

afterAll(cleanUp);

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe('the signing keys of two replicas', () => {
    const emails = Array.from({ length: CLIENTS }, (_, client) => `client${client}@example.com`);
    let replicas: Replicas;
    let resources: ResourceServer;
    let first: Tokens;
    let second: Tokens;

    beforeAll(async () => {
      replicas = await twoReplicas({ JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE });
      // What was published before anything else happened is what it knows for the next minutes.
      resources = new ResourceServer(replicas.b);
      await resources.fetch();
      await Promise.all(emails.map((email) => replicas.a.client.register(email)));
      first = await replicas.a.client.signedUp('ann@example.com');
    });
    afterAll(() => replicas.disconnect());

    const run = (...words: readonly string[]): Promise<Ended> => command(['keys', ...words], replicas);

    const printed = ({ code, stdout, stderr }: Ended): unknown => {
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout);
    };
    const said = async <T>(...words: readonly string[]): Promise<T> => printed(await run(...words, '--json')) as T;

    const listed = async (): Promise<readonly Key[]> => (await said<{ items: readonly Key[] }>('list')).items;
    const inState = async (state: string): Promise<string[]> =>
      (await replicas.sql<Key>('SELECT kid FROM signing_keys WHERE state = $1', state)).map(({ kid }) => kid);
    const stateOf = async (kid: string): Promise<string | undefined> =>
      (await replicas.sql<Key>('SELECT state FROM signing_keys WHERE kid = $1', kid))[0]?.state;

    const meStatuses = (token: string): Promise<number[]> =>
      Promise.all(replicas.both.map(async ({ client }) => (await client.get('/auth/me', { token })).status));

    /** Once each of them signs with that key. */
    async function signedWith(kid: string): Promise<Tokens> {
      const { a, b } = replicas;
      let [one, other] = [first, first];
      await until(`both sign with ${kid}`, async () => {
        one = await a.client.signedIn('ann@example.com');
        other = await b.client.signedIn('ann@example.com');
        return kidOf(one.access) === kid && kidOf(other.access) === kid;
      });
      return other;
    }

    it('are, in a new service, one that signs and one that everybody knows already', async () => {
      const [current, next] = [await inState('current'), await inState('next')];
      expect([current.length, next.length]).toEqual([1, 1]);
      expect(kidOf(first.access)).toBe(current[0]);
      for (const server of replicas.both) expect(await publishedBy(server)).toEqual([...current, ...next]);
    });

    it('are rotated without one refusal, neither by a replica nor by who keeps an old JWK set', async () => {
      const before = await listed();
      const traffic = new Traffic(replicas.both, resources, emails);
      await traffic.goesOn();
      const rotated = await said<{ status: string; from: string; to: string }>('rotate');
      await traffic.goesOn();
      second = await signedWith(rotated.to);
      await traffic.goesOn();
      await traffic.end();

      expect(traffic.refused).toEqual([]);
      expect(rotated.status).toBe('rotated');
      const was = new Map(before.map(({ kid, state }) => [kid, state]));
      expect([was.get(rotated.from), was.get(rotated.to)]).toEqual(['current', 'next']);
      expect([kidOf(first.access), kidOf(second.access)]).toEqual([rotated.from, rotated.to]);
    });

    it('are good before and after, and the next is published beside them', async () => {
      for (const { access } of [first, second]) {
        expect(await meStatuses(access)).toEqual([200, 200]);
        await resources.accept(access);
      }
      const [[current], [next], [previous]] = [
        await inState('current'),
        await inState('next'),
        await inState('previous'),
      ];
      expect([current, previous]).toEqual([kidOf(second.access), kidOf(first.access)]);
      expect([kidOf(first.access), kidOf(second.access)]).not.toContain(next);
      for (const server of replicas.both) expect(await publishedBy(server)).toEqual([current, next, previous]);
    });

    it('wait with the next rotation until nobody keeps a JWK set without the new key', async () => {
      const [next] = await inState('next');
      const asked = Date.now();
      const scheduled = await said<{ status: string; to: string; takes_over_at: string }>('rotate');
      expect(scheduled).toMatchObject({ status: 'scheduled', to: next });
      const { maxAgeSeconds } = await jwksOf(replicas.a);
      expect(maxAgeSeconds).toBeGreaterThan(0);
      // Whoever fetched the set just before this has thrown it away by then.
      expect(Date.parse(scheduled.takes_over_at) - asked).toBeGreaterThan(maxAgeSeconds * 1000);
      expect(kidOf((await replicas.a.client.signedIn('ann@example.com')).access)).toBe(kidOf(second.access));
    });

    it('are rotated at once when somebody says so, without one refusal by a replica', async () => {
      const traffic = new Traffic(replicas.both, null, emails);
      await traffic.goesOn();
      const rotated = await said<{ status: string; from: string; to: string }>('rotate', '--now');
      await traffic.goesOn();
      const third = await signedWith(rotated.to);
      await traffic.goesOn();
      await traffic.end();

      expect(traffic.refused).toEqual([]);
      expect(rotated).toMatchObject({ status: 'rotated', from: kidOf(second.access) });
      for (const { access } of [first, second, third]) expect(await meStatuses(access)).toEqual([200, 200]);
      // That is the price of it, and why one waits otherwise.
      await expect(resources.accept(third.access)).rejects.toThrow('no applicable key');
      await resources.fetch();
      for (const { access } of [first, second, third]) await resources.accept(access);
    });

    it('are not retired while they are in use, while they sign, or when there is no such key', async () => {
      const [current = ''] = await inState('current');
      const refusals: readonly (readonly [string, RegExp])[] = [
        [kidOf(first.access) ?? '', /are good until \d{4}-.*--now/],
        [current, /This key signs/],
        ['nobody', /NOT_FOUND/],
      ];
      for (const [kid, words] of refusals) {
        const { code, stdout, stderr } = await run('retire', kid);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(words);
      }
      expect((await run('retire', current, '--now')).code).toBe(1);
      expect(await meStatuses(first.access)).toEqual([200, 200]);
    });

    it('are refused everywhere within a second when they are retired all the same', async () => {
      const kid = kidOf(first.access) ?? '';
      expect(await meStatuses(first.access)).toEqual([200, 200]);
      // The command ends a while after the key did, so the database says when that was.
      const retired = said('retire', kid, '--now');
      await until('it is retired', async () => (await stateOf(kid)) === 'retired');
      const since = performance.now();
      const refusals = await Promise.all(replicas.both.map((server) => refusalAt(server, first.access, since)));
      expect(await retired).toEqual({ status: 'retired', kid });

      expectWithinASecond(refusals);
      expect(await meStatuses(second.access)).toEqual([200, 200]);
      for (const server of replicas.both) expect(await publishedBy(server)).not.toContain(kid);
      // What was signed is refused, not what it was signed for.
      expect((await replicas.a.client.refresh(first.refresh)).status).toBe(200);
      expect((await run('retire', kid)).code).toBe(1);
    });

    it('have their lives on record, and who changed them', async () => {
      const events = await replicas.sql<{ action: string; actor: string; target_id: string }>(
        `SELECT action, actor, target_id FROM audit_events
         WHERE action LIKE 'signing_key.%' AND action <> 'signing_key.created' ORDER BY sequence`,
      );
      const [current] = await inState('current');
      const kids = [kidOf(first.access), kidOf(second.access), current];
      expect(events).toEqual([
        { action: 'signing_key.rotated', actor: 'cli', target_id: kids[1] },
        { action: 'signing_key.scheduled', actor: 'cli', target_id: kids[2] },
        { action: 'signing_key.rotated', actor: 'cli', target_id: kids[2] },
        { action: 'signing_key.retired', actor: 'cli', target_id: kids[0] },
      ]);
      const states = new Map((await listed()).map(({ kid, state }) => [kid, state]));
      expect(kids.map((kid) => states.get(kid ?? ''))).toEqual(['retired', 'previous', 'current']);
    });

    function refusalAt({ client }: Server, token: string, since: number): Promise<Refusal> {
      return refusalOf(async () => {
        const { status } = await client.get('/auth/me', { token });
        expect([200, 401]).toContain(status);
        return status === 200;
      }, since);
    }
  });

  describe('an access token', () => {
    it.each(['EdDSA', 'RS256', 'PS256', 'ES256'])('of %s is good here and by the published key', async (algorithm) => {
      const service = await aService({ variables: { JWT_ALGORITHM: algorithm, JWT_ISSUER: ISSUER } });
      const { access } = await service.client.signedUp('ann@example.com');
      await new ResourceServer(service).accept(access);
      expect(decodeProtectedHeader(access)).toMatchObject({ alg: algorithm, typ: 'at+jwt' });
      const { set } = await jwksOf(service);
      expect(set.keys.map(({ alg }) => alg)).toEqual([algorithm, algorithm]);
      expect(set.keys[0]?.kid).toBe(kidOf(access));
      expect((await service.client.get('/auth/me', { token: access })).status).toBe(200);
      await service.stop();
    });

    it('of EdDSA is signed with the key that was brought', async () => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
      const database = await aDatabase('postgres');
      const variables = { JWT_ALGORITHM: 'EdDSA', JWT_PRIVATE_KEY: pem, JWT_ISSUER: ISSUER };
      const service = await aService({ database, variables });
      const { access } = await service.client.signedUp('ann@example.com');

      const publicKey = createPublicKey(privateKey);
      await jwtVerify(access, publicKey, { issuer: ISSUER, audience: AUDIENCE, algorithms: ['EdDSA'] });
      await new ResourceServer(service).accept(access);
      const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }));
      expect(kidOf(access)).toBe(kid);
      expect(await publishedBy(service)).toEqual([kid]);
      expect((await service.client.get('/auth/me', { token: access })).status).toBe(200);
      const { code, stderr } = await command(['keys', 'rotate', '--now'], { database, variables });
      expect([code, stderr]).toEqual([1, expect.stringContaining('JWT_PRIVATE_KEY')]);
      await service.stop();
      await database.drop();
    });
  });
}
