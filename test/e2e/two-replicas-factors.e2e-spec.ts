import type { Answer } from '../support/client';
import { DATABASES } from '../support/database';
import { cleanUp, type Server } from '../support/process';
import { type Replicas, twoReplicas } from '../support/replicas';
import { challenged, type Enrolled, enrolled, shown } from '../support/two-steps';

afterAll(cleanUp);

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe('second factors shown on two replicas at once', () => {
    let replicas: Replicas;
    let users = 0;

    beforeAll(async () => {
      replicas = await twoReplicas();
    });
    afterAll(() => replicas.disconnect());

    type Somebody = Enrolled & { readonly email: string; readonly id: string; readonly first: string };

    async function somebody(): Promise<Somebody> {
      const email = `ann-${(users += 1)}@example.com`;
      const { client } = replicas.a;
      const tokens = await client.signedUp(email);
      const factors = await enrolled(client, tokens);
      const [row] = await replicas.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', email);
      return { ...factors, email, id: row?.id ?? '', first: tokens.session };
    }

    const replica = (index: number): Server => replicas.both[index % 2 === 0 ? 0 : 1];
    const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status).sort();
    const accepted = (answers: readonly Answer[]): Answer[] => answers.filter(({ status }) => status === 200);

    /** A few at a time: it is not the passwords that race here. */
    async function challenges({ email }: Somebody, count: number): Promise<string[]> {
      const given: string[] = [];
      while (given.length < count) {
        const some = [...Array(Math.min(6, count - given.length)).keys()];
        given.push(...(await Promise.all(some.map((n) => challenged(replica(n).client, email)))));
      }
      return given;
    }

    /** Open sessions, but for the one in which the factor was set up. */
    async function sessionsOf({ id, first }: Somebody): Promise<number> {
      const [row] = await replicas.sql<{ count: number }>(
        `SELECT count(*)::int FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND id <> $2`,
        id,
        first,
      );
      return row?.count ?? 0;
    }

    it('sign in once by a backup code that is used fifty times', async () => {
      const ann = await somebody();
      const pending = await challenges(ann, 50);
      const code = ann.backupCodes[0] ?? '';
      const answers = await Promise.all(
        pending.map((challenge, n) => shown(replica(n).client, challenge, 'backup_codes', code)),
      );

      expect(accepted(answers)).toHaveLength(1);
      // A used code is a wrong one, and after ten of those nothing is looked at.
      expect(statuses(answers)).toEqual([200, ...Array<number>(10).fill(401), ...Array<number>(39).fill(429)]);
      expect(await sessionsOf(ann)).toBe(1);
      const used = await replicas.sql('SELECT FROM backup_codes WHERE user_id = $1 AND used_at IS NOT NULL', ann.id);
      expect(used).toHaveLength(1);
    });

    it('sign in once by a code of an authenticator that is used twenty times', async () => {
      const ann = await somebody();
      const pending = await challenges(ann, 20);
      const code = ann.app.codeAt(new Date());
      const answers = await Promise.all(
        pending.map((challenge, n) => shown(replica(n).client, challenge, 'totp', code)),
      );

      expect(accepted(answers)).toHaveLength(1);
      expect(statuses(answers)).toEqual([200, ...Array<number>(10).fill(401), ...Array<number>(9).fill(429)]);
      expect(await sessionsOf(ann)).toBe(1);
    });

    it('sign in once by a challenge that is answered twenty times, and use one code up', async () => {
      const ann = await somebody();
      const [challenge = ''] = await challenges(ann, 1);
      const answers = await Promise.all(
        [...Array(20).keys()].map((n) =>
          shown(replica(n).client, challenge, 'backup_codes', ann.backupCodes[n % 10] ?? ''),
        ),
      );

      expect(statuses(answers)).toEqual([200, ...Array<number>(19).fill(401)]);
      expect(await sessionsOf(ann)).toBe(1);
      const used = await replicas.sql('SELECT FROM backup_codes WHERE user_id = $1 AND used_at IS NOT NULL', ann.id);
      expect(used).toHaveLength(1);
      // Codes shown to a challenge that is over are no guesses at the account.
      const left = await challenged(replica(1).client, ann.email);
      expect((await shown(replica(0).client, left, 'totp', ann.app.codeAt(new Date()))).status).toBe(200);
    });

    it('look at ten wrong codes in a quarter of an hour, over thirty sign-ins, and at no right one after them', async () => {
      const ann = await somebody();
      const pending = await challenges(ann, 30);
      const wrong = ann.app.wrongAt(new Date());
      const answers = await Promise.all(
        pending.map((challenge, n) => shown(replica(n).client, challenge, 'totp', wrong)),
      );
      expect(statuses(answers)).toEqual([...Array<number>(10).fill(401), ...Array<number>(20).fill(429)]);
      for (const { status, headers } of answers) {
        if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(840);
      }

      const right = (n: number, challenge: string): Promise<Answer> =>
        shown(replica(n).client, challenge, 'backup_codes', ann.backupCodes[n] ?? '');
      const fresh = await challenges(ann, 2);
      expect(statuses(await Promise.all(fresh.map((challenge, n) => right(n, challenge))))).toEqual([429, 429]);

      await replicas.sql(
        `UPDATE factor_guesses SET recent = (
           SELECT jsonb_agg(jsonb_set(one, '{at}', to_jsonb((one->>'at')::bigint - 900000))) FROM jsonb_array_elements(recent) one)
         WHERE user_id = $1`,
        ann.id,
      );
      // What was refused meanwhile used nothing up.
      expect((await right(0, fresh[0] ?? '')).status).toBe(200);
      const [guessed] = await replicas.sql<{ totp: number }>(
        `SELECT (failures->>'totp')::int AS totp FROM factor_guesses WHERE user_id = $1`,
        ann.id,
      );
      expect(guessed?.totp).toBe(10);
    });
  });
}
