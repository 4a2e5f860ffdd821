import { randomUUID } from 'node:crypto';
import type { Principal } from '../../src/kernel/principal';
import { AccountsFacade } from '../../src/modules/identity/accounts.facade';
import { Factors } from '../../src/modules/mfa/application/factors.port';
import { ProveFactor } from '../../src/modules/mfa/application/prove-factor';
import { Factor } from '../../src/modules/mfa/domain/factor';
import { maskedAddress } from '../../src/modules/mfa/domain/masked-address';
import { type CodeUse, type FactorVerdict, MfaFacade, type SentMethod } from '../../src/modules/mfa/mfa.facade';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { OutboxTable, type SealedMessage } from '../../src/platform/outbox/outbox-table';
import { phoneNumberOf } from '../../src/platform/sms/phone-number';
import type { TestContext } from './context';
import { mailsOf } from './mails-of';
import { type Member, Stored } from './stored';

/** Somebody with a mailbox and a telephone. */
export type Owner = Member & { readonly email: string; readonly number: string };

type Texted = { readonly to: string | null; readonly facts: { readonly code: string } };

let numbers = 0;

/** A number that no other test knows. */
export const aNumber = (): string => `+4917012${String((numbers += 1)).padStart(5, '0')}`;
export const aChallenge = (): CodeUse => ({ kind: 'challenge', id: randomUUID() });

/** People with second factors, and the codes that are sent to them. */
export class FactorOwners {
  constructor(private readonly context: TestContext) {}

  /** A new user with these factors. */
  async owner(...types: SentMethod[]): Promise<Owner> {
    const member = await new Stored(this.context).newMember();
    const owner = { ...member, email: `${member.userId}@example.com`, number: aNumber() };
    for (const type of types) await this.enrol(owner, type);
    return owner;
  }

  /** As if its code had been shown long ago. */
  async enrol({ userId, email, number }: Owner, type: SentMethod): Promise<void> {
    const sms = { label: phoneNumberOf(number)!.masked, secret: Buffer.from(number) };
    const traits = type === 'sms' ? sms : { label: maskedAddress(email), secret: null };
    const factors = this.context.app.get(Factors);
    await this.work.run(async (now) => {
      const factor = Factor.setUp({ id: randomUUID(), userId, type, ...traits }, now);
      await factors.begin(factor);
      factor.confirm(now);
      await factors.confirm(factor);
    });
  }

  /** As they call, signed in a moment ago. */
  callerOf({ userId, tenantId }: Member): Principal {
    return {
      kind: 'user',
      userId,
      tenantId,
      sessionId: null,
      apiKeyId: null,
      authenticatedAt: this.context.clock.now(),
      roles: [],
      permissions: [],
      systemAdministrator: false,
      assurance: 'aal1',
      confined: false,
      networks: [],
    };
  }

  send({ userId, tenantId }: Member, method: SentMethod, use: CodeUse): Promise<void> {
    return this.context.app.get(MfaFacade).send({ userId, tenantId, method, use });
  }

  /** Sends one, and reads it. */
  async sent(owner: Owner, method: SentMethod, use: CodeUse): Promise<string> {
    const before = await this.codesOf(owner, method);
    await this.send(owner, method, use);
    const after = await this.codesOf(owner, method);
    if (after.length !== before.length + 1) throw new Error(`No code came by ${method}`);
    // Of one instant they come in any order.
    this.context.clock.advance({ seconds: 1 });
    return after.at(-1) ?? '';
  }

  /** The codes that were sent to somebody, oldest first. */
  codesOf({ email, number }: Owner, method: SentMethod): Promise<string[]> {
    return method === 'sms' ? this.textedTo(number) : this.mailedTo(email);
  }

  async mailedTo(address: string | null): Promise<string[]> {
    const mails = await mailsOf(this.context, 'second-factor-code');
    return mails.filter(({ to }) => to === address).map(({ facts }) => ('code' in facts ? facts.code : ''));
  }

  async textedTo(number: string | null): Promise<string[]> {
    const waiting = await this.context.source.query<SealedMessage[]>(
      `SELECT id, template, contents FROM outbox WHERE channel = 'sms' AND contents IS NOT NULL ORDER BY created_at, id`,
    );
    const texts = waiting.map((text) => this.context.app.get(OutboxTable).open(text) as unknown as Texted);
    return texts.filter(({ to }) => to === number).map(({ facts }) => facts.code);
  }

  /** Shows a code, as whoever holds the account does. */
  async shown(
    { userId }: Pick<Member, 'userId'>,
    method: SentMethod,
    code: string,
    use: CodeUse,
  ): Promise<FactorVerdict> {
    const prepared = { userId, method, code, backupCodeId: null };
    return this.work.run(async () => {
      await this.context.app.get(AccountsFacade).hold(userId);
      return this.context.app.get(ProveFactor).execute(prepared, use);
    });
  }

  async proves(owner: Owner, method: SentMethod, code: string, use: CodeUse): Promise<boolean> {
    return (await this.shown(owner, method, code, use)).kind === 'proven';
  }

  /** How often an account was guessed at. */
  async guessesAt({ userId }: Member): Promise<number> {
    return (await this.context.app.get(Factors).guessesOf(userId)).snapshot().recent.length;
  }

  private get work(): UnitOfWork {
    return this.context.app.get(UnitOfWork);
  }
}
