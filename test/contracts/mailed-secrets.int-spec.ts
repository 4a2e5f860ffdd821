import { randomBytes, randomUUID } from 'node:crypto';
import { sessionId, type UserId, userId } from '../../src/kernel/ids';
import { MailedSecrets } from '../../src/modules/identity/application/mailbox/mailed-secrets.port';
import { RemoveEndedSecrets } from '../../src/modules/identity/application/mailbox/remove-ended-secrets';
import {
  type MailedPurpose,
  MailedSecret,
  type MailedSecretState,
} from '../../src/modules/identity/domain/mailbox/mailed-secret';
import { Database } from '../../src/platform/database/database';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { gate, interleaved, untilWaiting } from '../support/gates';
import { Stored } from '../support/stored';

const NOW = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(NOW + seconds * 1000);
const bytes = (): Uint8Array => new Uint8Array(randomBytes(32));
/** The same whatever kind of bytes a store gives back. */
const plain = (secret: MailedSecret | null | undefined): unknown => {
  if (!secret) return null;
  const { addressKey, tokenHash, codeHash, ...rest } = secret.snapshot();
  const hex = (value: Uint8Array | null): string | null => value && Buffer.from(value).toString('hex');
  return { ...rest, addressKey: hex(addressKey), tokenHash: hex(tokenHash), codeHash: hex(codeHash) };
};

const REPLACING: readonly MailedPurpose[] = ['password_reset', 'email_change'];
const BESIDE_EACH_OTHER: readonly MailedPurpose[] = ['email_verification', 'email_change_undo'];

describe.each(DATABASES)('every store of mailed secrets (%s)', (database) => {
  let context: TestContext;
  let secrets: MailedSecrets;
  let work: UnitOfWork;
  let ann: UserId;
  let bob: UserId;

  beforeAll(async () => {
    context = await aContext({ database });
    [secrets, work] = [context.app.get(MailedSecrets), context.app.get(UnitOfWork)];
    const stored = new Stored(context);
    [ann, bob] = [(await stored.user()).snapshot().id, (await stored.user()).snapshot().id];
  });
  afterAll(() => context.stop());
  beforeEach(() => context.source.query('DELETE FROM mailed_secrets'));

  const aSecret = (change: Partial<MailedSecretState> = {}): MailedSecret =>
    MailedSecret.restore({
      id: randomUUID(),
      purpose: 'password_reset',
      userId: ann,
      address: null,
      addressKey: bytes(),
      sessionId: null,
      tokenHash: bytes(),
      codeHash: bytes(),
      wrongCodes: 0,
      createdAt: at(0),
      expiresAt: at(3600),
      codeExpiresAt: at(900),
      ...change,
    });
  const anUndo = (change: Partial<MailedSecretState> = {}): MailedSecret =>
    aSecret({ purpose: 'email_change_undo', codeHash: null, codeExpiresAt: null, ...change });
  const put = async (secret: MailedSecret): Promise<MailedSecret> => {
    await work.run(() => secrets.put(secret));
    return secret;
  };
  const found = (secret: MailedSecret): Promise<MailedSecret | null> => {
    const { purpose, tokenHash } = secret.snapshot();
    return secrets.findByToken(purpose, tokenHash);
  };
  const areThere = (...each: MailedSecret[]): Promise<boolean[]> =>
    Promise.all(each.map(async (secret) => (await found(secret)) !== null));
  const takenOf = (purpose: MailedPurpose, addressKey: Uint8Array): Promise<readonly MailedSecret[]> =>
    work.run(() => secrets.takeOfMailbox(purpose, addressKey));

  it.each<[string, () => MailedSecret]>([
    [
      'all of it',
      () => aSecret({ purpose: 'email_change', address: 'Ann@Example.org', sessionId: sessionId(randomUUID()) }),
    ],
    ['of nobody', () => aSecret({ userId: null, wrongCodes: 3 })],
    ['without a code', () => anUndo({ address: 'ann@example.com' })],
  ])('gives back what was put: %s', async (_, make) => {
    const secret = await put(make());
    const { purpose, addressKey, id } = secret.snapshot();
    expect(plain(await found(secret))).toEqual(plain(secret));
    expect((await takenOf(purpose, addressKey)).map(plain)).toEqual([plain(secret)]);
    expect(plain(await work.run(() => secrets.remove(id)))).toEqual(plain(secret));
  });

  it('finds a token for its own purpose alone', async () => {
    const { tokenHash } = (await put(aSecret())).snapshot();
    for (const purpose of ['email_verification', 'email_change', 'email_change_undo'] as const) {
      expect(await secrets.findByToken(purpose, tokenHash)).toBeNull();
    }
    expect(await secrets.findByToken('password_reset', bytes())).toBeNull();
  });

  describe('of one purpose and one account', () => {
    it.each(REPLACING)('keeps the newest: %s', async (purpose) => {
      const [older, newer] = [aSecret({ purpose }), aSecret({ purpose, address: 'new@example.com', wrongCodes: 2 })];
      await put(older);
      await put(newer);
      expect(await areThere(older, newer)).toEqual([false, true]);
      expect(plain(await found(newer))).toEqual(plain(newer));
    });

    it.each(BESIDE_EACH_OTHER)('keeps all, newest first: %s', async (purpose) => {
      const addressKey = bytes();
      const [older, newer] = [aSecret({ purpose, addressKey }), aSecret({ purpose, addressKey, createdAt: at(1) })];
      await put(newer);
      await put(older);
      expect((await takenOf(purpose, addressKey)).map(plain)).toEqual([plain(newer), plain(older)]);
    });

    it.each(REPLACING)('leaves those of another account and another purpose: %s', async (purpose) => {
      const other = REPLACING.find((each) => each !== purpose)!;
      const addressKey = bytes();
      const kept = [
        await put(aSecret({ purpose, userId: bob, addressKey })),
        await put(aSecret({ purpose: other, addressKey })),
        await put(aSecret({ purpose, userId: null, addressKey })),
      ];
      await put(aSecret({ purpose, addressKey }));
      expect(await areThere(...kept)).toEqual([true, true, true]);
    });

    it.each(REPLACING)(
      'forgets no wrong code of the one it replaces, whichever mailbox that was sent to: %s',
      async (purpose) => {
        const older = await put(aSecret({ purpose }));
        const typing = async (now: Date): Promise<void> => {
          const [taken] = await secrets.takeOfMailbox(purpose, older.snapshot().addressKey);
          taken!.tryCode(false, now);
          await secrets.save(taken!);
        };
        const newer = aSecret({ purpose, addressKey: bytes() });
        const replacing = await interleaved(context, typing, () => put(newer));
        expect(replacing.status).toBe('fulfilled');
        expect((await found(newer))?.snapshot().wrongCodes).toBe(1);
      },
    );

    it.each(REPLACING)('leaves one when two are put at once: %s', async (purpose) => {
      const [first, second] = [aSecret({ purpose }), aSecret({ purpose })];
      const settled = await interleaved(
        context,
        () => secrets.put(first),
        () => put(second),
      );
      expect(settled.status).toBe('fulfilled');
      expect(await areThere(first, second)).toEqual([false, true]);
    });
  });

  it.each(REPLACING)('keeps the newest of nobody for a mailbox: %s', async (purpose) => {
    const [addressKey, elsewhere] = [bytes(), bytes()];
    const [older, newer, other] = [
      aSecret({ purpose, userId: null, addressKey }),
      aSecret({ purpose, userId: null, addressKey }),
      aSecret({ purpose, userId: null, addressKey: elsewhere }),
    ];
    for (const secret of [other, older, newer]) await put(secret);
    expect(await areThere(other, older, newer)).toEqual([true, false, true]);
  });

  it('knows the most wrong codes typed for a mailbox and a purpose, ended ones too', async () => {
    const addressKey = bytes();
    const purpose = 'email_verification';
    expect(await secrets.wrongCodesOf(purpose, addressKey)).toBe(0);
    await put(aSecret({ purpose, addressKey, wrongCodes: 4, expiresAt: at(1) }));
    await put(aSecret({ purpose, addressKey, wrongCodes: 2, createdAt: at(2) }));
    await put(aSecret({ purpose, wrongCodes: 5 }));
    await put(aSecret({ purpose: 'password_reset', addressKey, wrongCodes: 5 }));
    expect(await secrets.wrongCodesOf(purpose, addressKey)).toBe(4);
  });

  it('keeps the count of wrong codes, and nothing of another secret', async () => {
    const [secret, other] = [await put(aSecret()), await put(aSecret({ userId: bob }))];
    secret.tryCode(false, at(1));
    await work.run(() => secrets.save(secret));
    expect((await found(secret))?.snapshot().wrongCodes).toBe(1);
    expect(plain(await found(other))).toEqual(plain(other));
  });

  it('holds what was sent to a mailbox, so that of two wrong codes at once both count', async () => {
    const addressKey = bytes();
    const secret = await put(aSecret({ addressKey }));
    const miss = async (): Promise<void> => {
      const [taken] = await secrets.takeOfMailbox('password_reset', addressKey);
      taken!.tryCode(false, at(1));
      await secrets.save(taken!);
    };
    const second = await interleaved(context, miss, () => work.run(miss));
    expect(second.status).toBe('fulfilled');
    expect((await found(secret))?.snapshot().wrongCodes).toBe(2);
  });

  describe('using a secret up', () => {
    it('happens once', async () => {
      const { id } = (await put(aSecret())).snapshot();
      const remove = (): Promise<MailedSecret | null> => work.run(() => secrets.remove(id));
      expect([await remove(), await remove()].map((removed) => removed !== null)).toEqual([true, false]);
    });

    it('happens once, to one of two at once', async () => {
      const { id } = (await put(aSecret())).snapshot();
      const second = await interleaved(
        context,
        () => secrets.remove(id),
        () => work.run(() => secrets.remove(id)),
      );
      expect(second).toEqual({ status: 'fulfilled', value: null });
    });

    it('did not happen when its unit of work failed', async () => {
      const secret = await put(aSecret());
      const failing = work.run(async () => {
        await secrets.remove(secret.snapshot().id);
        throw new Error('undone');
      });
      await expect(failing).rejects.toThrow('undone');
      expect(await areThere(secret)).toEqual([true]);
    });

    it('happens to all of an account for some purposes', async () => {
      const [reset, change, undo, others, nobodys] = [
        await put(aSecret()),
        await put(aSecret({ purpose: 'email_change' })),
        await put(anUndo()),
        await put(aSecret({ userId: bob })),
        await put(aSecret({ userId: null })),
      ];
      await work.run(() => secrets.removeAllOf(ann, ['password_reset', 'email_change']));
      expect(await areThere(reset, change, undo, others, nobodys)).toEqual([false, false, true, true, true]);
    });

    it('happens to all of many accounts for some purposes', async () => {
      const [mine, others, undo, nobodys] = [
        await put(aSecret()),
        await put(aSecret({ userId: bob })),
        await put(anUndo()),
        await put(aSecret({ userId: null })),
      ];
      await work.run(() => secrets.removeAllOfMany([], ['password_reset']));
      await work.run(() => secrets.removeAllOfMany([ann, bob], ['password_reset']));
      expect(await areThere(mine, others, undo, nobodys)).toEqual([false, false, true, true]);
    });

    it('of many takes them in one order, so that nobody waits in a circle', async () => {
      const ids = [randomUUID(), randomUUID()].sort();
      // Stored the other way round.
      await put(aSecret({ id: ids[1]!, purpose: 'email_change' }));
      await put(aSecret({ id: ids[0]!, purpose: 'password_reset' }));
      const [held, mayGoOn] = [gate(), gate()];
      const free: unknown[] = [];
      const holding = work.run(async () => {
        const { writer } = context.app.get(Database);
        await writer.query('SELECT FROM mailed_secrets WHERE id = $1 FOR UPDATE', [ids[0]]);
        held.open();
        await mayGoOn.opened;
        const sql = 'SELECT id FROM mailed_secrets WHERE id = $1 FOR UPDATE SKIP LOCKED';
        free.push(...(await writer.query<unknown[]>(sql, [ids[1]])));
      });
      await held.opened;
      const removing = work.run(() => secrets.removeAllOfMany([ann, bob], ['password_reset', 'email_change']));
      await untilWaiting(context, 1);
      mayGoOn.open();
      await Promise.all([holding, removing]);
      expect(free).toEqual([{ id: ids[1] }]);
    });

    it('happens to what takes back later changes of an account, and to nothing else', async () => {
      const [before, same, later, others, reset] = [
        await put(anUndo({ createdAt: at(9) })),
        await put(anUndo({ createdAt: at(10) })),
        await put(anUndo({ createdAt: at(10.001) })),
        await put(anUndo({ createdAt: at(11), userId: bob })),
        await put(aSecret({ createdAt: at(11) })),
      ];
      await work.run(() => secrets.removeUndosAfter(ann, at(10)));
      expect(await areThere(before, same, later, others, reset)).toEqual([true, true, false, true, true]);
    });
  });

  describe('a mailbox', () => {
    it.each<[string, 'ann' | 'bob', MailedPurpose, Date, boolean]>([
      ['while another account may take a change back', 'bob', 'email_change_undo', at(3599), true],
      ['no longer when its time is over', 'bob', 'email_change_undo', at(3600), false],
      ['not by what is sent there for another purpose', 'bob', 'email_change', at(1), false],
      ['not against the account it is held for', 'ann', 'email_change_undo', at(1), false],
    ])('is held: %s', async (_, owner, purpose, now, isHeld) => {
      const addressKey = bytes();
      await put(aSecret({ purpose, addressKey, userId: owner === 'ann' ? ann : bob }));
      expect(await secrets.isHeld(addressKey, ann, now)).toBe(isHeld);
      expect(await secrets.isHeld(bytes(), ann, now)).toBe(false);
    });
  });

  describe('forgetting', () => {
    const removeEnded = (before: Date, limit: number): Promise<number> =>
      work.run(() => secrets.removeEnded(before, limit));

    it('removes what ended before, and leaves what did not', async () => {
      const [ended, atOnce, live] = [
        await put(aSecret({ purpose: 'email_verification', expiresAt: at(9) })),
        await put(aSecret({ purpose: 'email_verification', expiresAt: at(10) })),
        await put(aSecret({ purpose: 'email_verification', expiresAt: at(11) })),
      ];
      expect(await removeEnded(at(10), 100)).toBe(1);
      expect(await areThere(ended, atOnce, live)).toEqual([false, true, true]);
    });

    it('removes no more than it is asked to', async () => {
      for (let number = 0; number < 5; number += 1) await put(aSecret({ purpose: 'email_verification' }));
      expect([await removeEnded(at(9_999), 3), await removeEnded(at(9_999), 3)]).toEqual([3, 2]);
    });

    it('happens a day after the end: so long wrong codes count', async () => {
      const ago = (seconds: number): Date => new Date(context.clock.now().getTime() - seconds * 1000);
      const expired = (seconds: number): Promise<MailedSecret> =>
        put(aSecret({ purpose: 'email_verification', createdAt: ago(200_000), expiresAt: ago(seconds) }));
      const [old, fresh] = [await expired(86_401), await expired(86_399)];
      expect(await context.app.get(RemoveEndedSecrets).execute()).toBe(1);
      expect(await areThere(old, fresh)).toEqual([false, true]);
    });

    // An embedded database has one session: nobody else can hold a row.
    if (database === 'postgres') {
      it('passes over what is being used just now, and waits for nobody', async () => {
        const [addressKey, purpose] = [bytes(), 'email_verification' as const];
        const held = await put(aSecret({ purpose, addressKey }));
        const other = await put(aSecret({ purpose }));
        const sweep = await interleaved(
          context,
          () => secrets.takeOfMailbox(purpose, addressKey),
          () => removeEnded(at(9_999), 10),
        );
        expect(sweep).toEqual({ status: 'fulfilled', value: 1 });
        expect(await areThere(held, other)).toEqual([true, false]);
      });
    }

    it('goes with the account', async () => {
      const { id } = (await new Stored(context).user()).snapshot();
      const secret = await put(aSecret({ userId: id }));
      await context.source.query('DELETE FROM users WHERE id = $1', [id]);
      expect(await areThere(secret)).toEqual([false]);
    });
  });

  it('belongs to an account there is, or to nobody', async () => {
    await expect(put(aSecret({ userId: userId(randomUUID()) }))).rejects.toThrow('mailed_secrets_user');
  });

  it('is written and held nowhere but in a unit of work', async () => {
    const secret = aSecret();
    const attempts = [
      () => secrets.put(secret),
      () => secrets.save(secret),
      () => secrets.takeOfMailbox('password_reset', bytes()),
      () => secrets.remove(randomUUID()),
      () => secrets.removeAllOf(ann, ['password_reset']),
      () => secrets.removeUndosAfter(ann, at(0)),
      () => secrets.removeEnded(at(0), 1),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
  });
});
