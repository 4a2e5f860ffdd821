import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../src/kernel/principal';
import { UnlinkIdentity } from '../../../src/modules/federation/application/links/unlink-identity';
import { VerifyChallenge } from '../../../src/modules/signin/application/challenges/verify-challenge';
import { FederatedEntrance } from '../../../src/modules/signin/federated-entrance.facade';
import { RevokeSessions } from '../../../src/modules/tokens/application/sessions/revoke-sessions';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aClient } from '../../support/a-device';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { SecondFactors } from '../../support/second-factors';

const LINK = `INSERT INTO linked_identities (id, user_id, provider, issuer, subject, linked_at)
  VALUES ($1, $2, 'acme', 'https://acme.example', $3, now())`;

describe('an identity that opens an account no more', () => {
  let context: TestContext;
  let people: SecondFactors;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    people = new SecondFactors(context);
  });
  afterAll(() => context.stop());

  const linked = async (by: Principal): Promise<Principal> => {
    await context.source.query(LINK, [randomUUID(), by.userId, randomUUID()]);
    return by;
  };
  const unlink = (by: Principal): Promise<void> => context.app.get(UnlinkIdentity).execute(by, 'acme');
  const openOf = async ({ userId }: Principal): Promise<string[]> => {
    const sql = 'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id';
    return (await context.source.query<{ id: string }[]>(sql, [userId])).map(({ id }) => id);
  };
  const countOf = async ({ userId }: Principal): Promise<number> =>
    (await context.source.query<unknown[]>('SELECT FROM linked_identities WHERE user_id = $1', [userId])).length;
  const withPassword = { passwordHash: plainHash(PASSWORD) };

  it('leaves the session it was taken away in, and no other', async () => {
    const by = await linked(await people.aCaller(withPassword));
    await people.callerOf(by);
    await unlink(by);
    expect(await openOf(by)).toEqual([by.sessionId]);
    const events = (await recorded(context.source, 'session.revoked')).filter(({ user_id }) => user_id === by.userId);
    expect(events).toMatchObject([{ details: { reason: 'identity_unlinked', sessions: 1 } }]);
    // It goes on: what protects the account may be changed in it again.
    await linked(by);
    await unlink(by);
    expect(await openOf(by)).toEqual([by.sessionId]);
  });

  it('leads through no second step that was begun by it', async () => {
    const { by, authenticator } = await people.anEnrolled(withPassword);
    await linked(by);
    const entrance = context.app.get(FederatedEntrance);
    const wish = { tenant: null, client: aClient(), deviceToken: null };
    const entry = await context.app.get(UnitOfWork).run(() => entrance.enter(by.userId, wish));
    if (entry.kind === 'refused') throw new Error(entry.reason);
    const result = await entrance.welcome(entry);
    if (result.kind !== 'challenged') throw new Error('Nobody asked for a second factor');
    await unlink(by);
    const code = authenticator.codeAt(context.clock.now());
    const shown = { challengeId: result.challenge.token, method: 'totp', code, rememberDevice: false };
    const passed = context.app.get(VerifyChallenge).execute({ ...shown, deviceToken: null, client: aClient() });
    await expect(passed).rejects.toMatchObject({ code: 'MFA_CODE_INVALID' });
  });

  it('opens it still where the session that took it away had just ended', async () => {
    const by = await linked(await people.aCaller(withPassword));
    const owner = await people.callerOf(by);
    const end = () => context.app.get(RevokeSessions).executeOne(owner, by.sessionId!);
    const late = await interleaved(context, end, () => unlink(by));
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'TOKEN_INVALID' } });
    expect([await countOf(by), await openOf(by)]).toEqual([1, [owner.sessionId]]);
  });
});
