import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { NewUser, PasswordProof } from '../../../identity/identity.facade';
import type { ClientTraits, Granted, TokenPair } from '../../../tokens/tokens.facade';
import type { Risk } from '../../domain/risk';
import { GiveChallenge, type GivenChallenge } from '../challenges/give-challenge';
import { SigninJournal } from '../signin-journal';
import { Gate, type Passage } from './gate';
import { OpenSession } from './open-session';
import { Reminder } from './reminder';

export type Entry =
  | {
      readonly kind: 'granted';
      readonly granted: Granted;
      readonly securityStamp: string;
      /** Whether a trusted device stood in for the second factor. */
      readonly deviceTrusted: boolean;
    }
  | { readonly kind: 'challenged'; readonly challenge: GivenChallenge }
  | { readonly kind: 'refused'; readonly reason: string };

export type EntryWish = {
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly client: ClientTraits;
  readonly risk: Risk;
  /** RFC 8176: what was proven so far. */
  readonly authenticationMethods: readonly string[];
  readonly device: EntryDevice;
  /** Whether it is by the username that somebody signs in, not by the address. */
  readonly byUsername: boolean;
};

export type EntryDevice = {
  /** What it showed; null: nothing. */
  readonly token: string | null;
  /** When it proved that it has signed in before; else null. */
  readonly id: string | null;
  /** Whether it is to be known from now on. */
  readonly remember: boolean;
};

/** What a sign-in led to: tokens, or that the second factor is to be shown. */
export type SignInResult =
  | {
      readonly kind: 'signed_in';
      readonly tokens: TokenPair;
      /** For the device to keep; null when it did not ask for one. */
      readonly deviceToken: string | null;
    }
  | { readonly kind: 'challenged'; readonly challenge: GivenChallenge };

/**
 * From a first factor that was right to a session or to the second factor, if the tenant and the account allow it, and on record
 * whatever comes of it. Within the caller's unit of work.
 */
@Injectable()
export class Entrance {
  constructor(
    private readonly gate: Gate,
    private readonly challenges: GiveChallenge,
    private readonly sessions: OpenSession,
    private readonly journal: SigninJournal,
    private readonly reminder: Reminder,
  ) {}

  async open(proof: PasswordProof, wish: EntryWish): Promise<Entry> {
    return this.enter(proof.userId, await this.gate.ofProven(proof, approachOf(wish)), wish);
  }

  /** As `open`, for a user for whom another issuer vouches. */
  async openFederated(user: UserId, wish: EntryWish): Promise<Entry> {
    return this.enter(user, await this.gate.ofFederated(user, approachOf(wish)), wish);
  }

  /** As `open`, for an account that this very unit of work has made. */
  async openNew(user: Pick<NewUser, 'id' | 'securityStamp'>, wish: EntryWish): Promise<Entry> {
    return this.enter(user.id, await this.gate.ofNew(user, approachOf(wish)), wish);
  }

  /** The same statements as `open`, for an account whose password was not proven: time must not tell why. */
  pretend(account: string, { tenant }: Pick<EntryWish, 'tenant'>): Promise<void> {
    return this.gate.pretend(account, tenant);
  }

  /** Helps whoever showed the first factor of an account in that was refused, if they can be. Not within a unit of work. */
  showTheWay(user: UserId, { reason }: Extract<Entry, { readonly kind: 'refused' }>): void {
    this.reminder.onRefused(user, reason);
  }

  /** What whoever was not refused gets. Not within a unit of work. */
  async welcome(
    entry: Exclude<Entry, { readonly kind: 'refused' }>,
    deviceToken: string | null = null,
  ): Promise<SignInResult> {
    if (entry.kind === 'challenged') return entry;
    return { kind: 'signed_in', tokens: await this.sessions.issue(entry.granted), deviceToken };
  }

  private async enter(userId: UserId, passage: Passage, wish: EntryWish): Promise<Entry> {
    const { client, risk, authenticationMethods } = wish;
    switch (passage.kind) {
      case 'refused':
        await this.journal.refused(userId, passage.reason, risk);
        return passage;
      case 'second_factor': {
        const challenge = await this.challenges.execute(userId, passage, wish);
        await this.journal.challenged(userId, passage, risk);
        return { kind: 'challenged', challenge };
      }
      case 'issue': {
        const granted = await this.sessions.execute(passage, { userId, client, authenticationMethods });
        await this.journal.signedIn(granted, client, risk);
        const { securityStamp, deviceTrusted } = passage.issue;
        return { kind: 'granted', granted, securityStamp, deviceTrusted };
      }
    }
  }
}

const approachOf = ({ tenant, risk, device, client }: EntryWish): Parameters<Gate['ofNew']>[1] => ({
  tenant,
  riskScore: risk.score,
  deviceToken: device.token,
  ipAddress: client.ipAddress,
});
