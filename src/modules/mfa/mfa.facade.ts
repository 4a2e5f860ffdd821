import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import type { FactorVerdict, PreparedCode, TypedCode } from './application/prove-factor';
import type { CodeToSend } from './application/sent-codes/code-post';
import { SendCode } from './application/sent-codes/send-code';
import type { CodeUse } from './domain/code-use';
import type { FactorType, Method, SentMethod } from './domain/method';

export { METHODS } from './domain/method';
export type { CodeToSend, CodeUse, FactorType, FactorVerdict, Method, PreparedCode, SentMethod, TypedCode };

/** What a user has enrolled, and what of it is good at this moment. */
export type FactorStanding = {
  /** Whether there is any factor, stopped and held ones too: whoever has one never gets in without. */
  readonly enrolled: boolean;
  /** What may be shown now, in order. Empty where all is stopped or held. */
  readonly methods: readonly Method[];
};

/** All that the rest of the system may ask about second factors. Plain data in, plain data out. */
@Injectable()
export class MfaFacade {
  constructor(private readonly sending: SendCode) {}

  /** The kinds of factor a user has enrolled, stopped and held ones too. */
  methodsOf(_user: UserId): Promise<readonly FactorType[]> {
    return Promise.resolve([]);
  }

  /** Within the caller's unit of work or not; what it says of a user who is held stays true until that ends. */
  standingOf(_user: UserId): Promise<FactorStanding> {
    return Promise.resolve({ enrolled: false, methods: [] });
  }

  /** Compares what is slow to compare; not within a unit of work. Says nothing yet. Throws Overloaded. */
  prepare(userId: UserId, typed: TypedCode): Promise<PreparedCode> {
    return Promise.resolve({ ...typed, userId, backupCodeId: null });
  }

  /**
   * Decides about a code and uses it up, within the caller's unit of work, which holds the user. Wrong ones are counted,
   * so the caller commits whatever the verdict is, and refuses after that.
   */
  prove(_prepared: PreparedCode, _use: CodeUse): Promise<FactorVerdict> {
    return Promise.resolve({ kind: 'wrong', reason: 'not_enrolled' });
  }

  /**
   * Sends a code for one use, instead of the one before. Nobody is told whether it was: the method may not be enrolled, or
   * too many were sent. Not within a unit of work. Throws DependencyUnavailable.
   */
  send(code: CodeToSend): Promise<void> {
    return this.sending.execute(code);
  }

  /**
   * Takes away all factors, codes and trusted devices of a user, within the caller's unit of work, which holds the user and
   * tells why. Returns how many factors there were.
   */
  removeAll(_user: UserId): Promise<number> {
    return Promise.resolve(0);
  }
}
