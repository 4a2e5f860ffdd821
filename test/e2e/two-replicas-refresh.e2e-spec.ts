import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Tokens } from '../support/client';
import { DATABASES } from '../support/database';
import { readEml } from '../support/eml';
import { expectProblem } from '../support/problems';
import { cleanUp, type Server, until } from '../support/process';
import {
  expectWithinASecond,
  LEISURELY,
  queuedForTheSession,
  refusalOf,
  type Replicas,
  twoReplicas,
} from '../support/replicas';

const AT_ONCE = 50;
/** Of chance. What chance may miss is held by the tests in which one waits behind the other. */
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const ROUNDS_AT_A_TIME = 10;
const PHASES_MS = 15;

afterAll(cleanUp);

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe('a refresh token that is used on two replicas', () => {
    let replicas: Replicas;
    let a: Server;
    let b: Server;

    beforeAll(async () => {
      replicas = await twoReplicas();
      ({ a, b } = replicas);
    });
    afterAll(() => replicas.disconnect());

    const accepts = async ({ client }: Server, token: string): Promise<boolean> => {
      const { status } = await client.get('/auth/me', { token });
      expect([200, 401]).toContain(status);
      return status === 200;
    };
    const refreshed = async ({ client }: Server, token: string): Promise<Tokens> => {
      const { status, body } = await client.refresh(token);
      expect(status).toBe(200);
      return { access: body.access_token, refresh: body.refresh_token, session: body.session_id };
    };

    /** How often each thing was recorded of a session. */
    async function recordedOf(session: string): Promise<Readonly<Record<string, number>>> {
      const rows = await replicas.sql<{ action: string; count: number }>(
        `SELECT action || ' ' || outcome AS action, count(*)::int FROM audit_events
         WHERE target_type = 'session' AND target_id = $1 GROUP BY 1`,
        session,
      );
      return Object.fromEntries(rows.map(({ action, count }) => [action, count]));
    }

    async function revokedFor(session: string): Promise<string | null | undefined> {
      const [row] = await replicas.sql<{ revoked_for: string | null }>(
        'SELECT revoked_for FROM sessions WHERE id = $1',
        session,
      );
      return row?.revoked_for;
    }

    /** The addresses of the letters of that name, once all that were written are sent. */
    async function recipients(template: string): Promise<string[]> {
      await until('the mails are sent', async () => {
        const left = await replicas.sql('SELECT FROM outbox WHERE sent_at IS NULL AND template = $1', template);
        return left.length === 0;
      });
      const sent = await replicas.sql<{ id: string }>('SELECT id FROM outbox WHERE template = $1', template);
      const folder = join(replicas.database.variables.DATA_DIR ?? '', 'mail');
      const files = existsSync(folder) ? readdirSync(folder) : [];
      return sent.map(({ id }) => {
        const file = files.find((name) => name.endsWith(`-${id}.eml`)) ?? '';
        return readEml(readFileSync(join(folder, file), 'utf8')).headers.get('to') ?? '';
      });
    }

    it('by fifty at once has one successor, and the session goes on', async () => {
      const { refresh, session } = await a.client.signedUp('fifty@example.com');
      const calls = Array.from({ length: AT_ONCE }, (_, turn) => () => (turn % 2 ? a : b).client.refresh(refresh));
      const answers = await queuedForTheSession(replicas, session, calls);

      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const successors = [...new Set(answers.map(({ body }) => body.refresh_token))];
      expect(successors).toHaveLength(1);
      expect(successors).not.toContain(refresh);
      expect(await recordedOf(session)).toEqual({
        'auth.login success': 1,
        'auth.token_refreshed success': 1,
        'auth.token_repeated success': AT_ONCE - 1,
      });
      for (const { body } of answers.slice(0, 4)) {
        expect([await accepts(a, body.access_token), await accepts(b, body.access_token)]).toEqual([true, true]);
      }
      const next = await refreshed(b, successors[0] ?? '');
      expect(successors).not.toContain(next.refresh);
      expect(await revokedFor(session)).toBeNull();
    });

    it('once more, on the other replica, is answered with the token that is current', async () => {
      const { refresh, session } = await a.client.signedUp('repeat@example.com');
      const successor = await refreshed(a, refresh);
      expect(successor.refresh).not.toBe(refresh);
      expect((await refreshed(b, refresh)).refresh).toBe(successor.refresh);
      expect((await refreshed(a, refresh)).refresh).toBe(successor.refresh);
      expect((await refreshed(b, successor.refresh)).refresh).not.toBe(successor.refresh);
      expect(await revokedFor(session)).toBeNull();
    });

    it('after its successor was used ends the session on both, and no other', async () => {
      const stolen = await a.client.signedUp('reuse@example.com');
      const elsewhere = await b.client.signedIn('reuse@example.com');
      const second = await refreshed(a, stolen.refresh);
      const third = await refreshed(b, second.refresh);
      const warm = [stolen, second, third].flatMap(({ access }) => [accepts(a, access), accepts(b, access)]);
      expect(await Promise.all(warm)).not.toContain(false);

      expectProblem(await b.client.refresh(stolen.refresh), 401, 'REFRESH_TOKEN_INVALID');
      const since = performance.now();
      expect(await accepts(b, third.access)).toBe(false);
      const refusals = [stolen, second, third].flatMap(({ access }) =>
        [a, b].map((server) => refusalOf(() => accepts(server, access), since)),
      );
      expectWithinASecond(await Promise.all(refusals));
      for (const { client } of [a, b]) {
        expectProblem(await client.refresh(third.refresh), 401, 'REFRESH_TOKEN_INVALID');
        expectProblem(await client.refresh(second.refresh), 401, 'REFRESH_TOKEN_INVALID');
      }
      expect(await recordedOf(stolen.session)).toMatchObject({
        'auth.token_reuse_detected failure': 1,
        'session.revoked success': 1,
      });
      expect(await revokedFor(stolen.session)).toBe('token_reuse');
      expect(await recipients('session-ended')).toEqual(['reuse@example.com']);

      expect([await accepts(a, elsewhere.access), await accepts(b, elsewhere.access)]).toEqual([true, true]);
      await refreshed(a, elsewhere.refresh);
      expect(await revokedFor(elsewhere.session)).toBeNull();
    });

    type Ending = { readonly name: string; readonly status: number; end(server: Server, of: Tokens): Promise<Answer> };
    const endings: readonly Ending[] = [
      {
        name: 'a revocation of the refresh token',
        status: 200,
        end: ({ client }, { refresh }) => client.post('/auth/revoke', { form: { token: refresh } }),
      },
      {
        name: 'a revocation of the access token',
        status: 200,
        end: ({ client }, { access }) => client.post('/auth/revoke', { form: { token: access } }),
      },
      {
        name: 'a logout with the access token',
        status: 204,
        end: ({ client }, { access }) => client.post('/auth/logout', { token: access }),
      },
      {
        name: 'a logout with the refresh token',
        status: 204,
        end: ({ client }, { refresh }) => client.post('/auth/logout', { json: { refresh_token: refresh } }),
      },
    ];

    /** Nothing a session ever had opens anything: at once where it was ended, and everywhere within a second. */
    async function expectOver(held: Tokens, answer: Answer, at: Server, since: number): Promise<void> {
      const accesses = [held.access];
      const refreshes = [held.refresh];
      if (answer.status === 200) {
        accesses.push(answer.body.access_token);
        refreshes.push(answer.body.refresh_token);
      }
      for (const access of accesses) expect(await accepts(at, access)).toBe(false);
      const refused = accesses.flatMap((access) =>
        [a, b].map((server) => refusalOf(() => accepts(server, access), since, LEISURELY)),
      );
      for (const { client } of [a, b]) {
        for (const token of refreshes.toReversed()) {
          expectProblem(await client.refresh(token), 401, 'REFRESH_TOKEN_INVALID');
        }
      }
      expectWithinASecond(await Promise.all(refused));
      expect(await revokedFor(held.session)).toMatch(/^(signed_out|revoked_by_client)$/);
    }

    it.each(endings)('in the middle of $name goes through or is refused, and the session is over', async (ending) => {
      const email = `${ending.name.replaceAll(' ', '.')}@example.com`;
      await a.client.register(email);
      const round = async (turn: number): Promise<void> => {
        const [one, other] = turn % 2 ? [a, b] : [b, a];
        const held = await one.client.signedIn(email);
        let since = 0;
        const end = async (): Promise<Answer> => {
          await wait(Math.random() * PHASES_MS);
          const ended = await ending.end(other, held);
          since = performance.now();
          return ended;
        };
        const [answer, ended] = await Promise.all([
          wait(Math.random() * PHASES_MS).then(() => one.client.refresh(held.refresh)),
          end(),
        ]);
        expect(ended.status).toBe(ending.status);
        expect([200, 401]).toContain(answer.status);
        await expectOver(held, answer, other, since);
      };
      for (let turn = 0; turn < ROUNDS; turn += ROUNDS_AT_A_TIME) {
        await Promise.all(Array.from({ length: ROUNDS_AT_A_TIME }, (_, more) => round(turn + more)));
      }
    });

    it.each(endings)('while $name waits behind it, or it behind that, ends with the session over', async (ending) => {
      const email = `queue.${ending.name.replaceAll(' ', '.')}@example.com`;
      await a.client.register(email);
      for (const isRefreshFirst of [true, false]) {
        const held = await a.client.signedIn(email);
        const refresh = (): Promise<Answer> => a.client.refresh(held.refresh);
        const end = (): Promise<Answer> => ending.end(b, held);
        const calls = isRefreshFirst ? [[refresh], [end]] : [[end], [refresh]];
        const answers = await queuedForTheSession(replicas, held.session, ...calls);
        const since = performance.now();
        const [answer, ended] = isRefreshFirst ? answers : answers.toReversed();
        expect(answer?.status).toBe(isRefreshFirst ? 200 : 401);
        expect(ended?.status).toBe(ending.status);
        await expectOver(held, answer!, b, since);
      }
    });
  });
}
