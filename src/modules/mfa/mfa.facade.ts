import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { PrepareCode } from './application/backup-codes/prepare-code';
import { type FactorVerdict, type PreparedCode, ProveFactor, type TypedCode } from './application/prove-factor';
import { ResetFactors } from './application/removal/reset-factors';
import type { CodeToSend } from './application/sent-codes/code-post';
import { type AskedCode, SendCode } from './application/sent-codes/send-code';
import { type FactorStanding, FactorStandings } from './application/standing/factor-standings';
import type { CodeUse } from './domain/code-use';
import type { FactorType, Method, SentMethod } from './domain/method';

export { METHODS } from './domain/method';
export type {
  AskedCode,
  CodeToSend,
  CodeUse,
  FactorStanding,
  FactorType,
  FactorVerdict,
  Method,
  PreparedCode,
  SentMethod,
  TypedCode,
};

/** All that the rest of the system may ask about second factors. Plain data in, plain data out. */
@Injectable()
export class MfaFacade {
  constructor(
    private readonly standings: FactorStandings,
    private readonly preparing: PrepareCode,
    private readonly proving: ProveFactor,
    private readonly resetting: ResetFactors,
    private readonly sending: SendCode,
  ) {}

  /** The kinds of factor a user has enrolled, stopped and held ones too. */
  methodsOf(user: UserId): Promise<readonly FactorType[]> {
    return this.standings.typesOf(user);
  }

  /** Within the caller's unit of work or not; what it says of a user who is held stays true until that ends. */
  standingOf(user: UserId): Promise<FactorStanding> {
    return this.standings.of(user);
  }

  /** Compares what is slow to compare; not within a unit of work. Says nothing yet. Throws Overloaded. */
  prepare(userId: UserId, typed: TypedCode): Promise<PreparedCode> {
    return this.preparing.execute(userId, typed);
  }

  /**
   * Decides about a code and uses it up, within the caller's unit of work, which holds the user. Wrong ones are counted,
   * so the caller commits whatever the verdict is, and refuses after that.
   */
  prove(prepared: PreparedCode, use: CodeUse): Promise<FactorVerdict> {
    return this.proving.execute(prepared, use);
  }

  /**
   * Sends a code for one use, instead of the one before. Nobody is told whether it was: the method may not be enrolled, or
   * too many were sent. Not within a unit of work. Throws DependencyUnavailable.
   */
  send(code: CodeToSend): Promise<void> {
    return this.sending.execute(code);
  }

  /**
   * The first half of `send`: whether there is room for one more. As much work for a user there is not. Not within a unit of
   * work. Throws DependencyUnavailable.
   */
  ask(code: CodeToSend): Promise<AskedCode> {
    return this.sending.ask(code);
  }

  /** The other half, within the caller's unit of work or not. */
  post(asked: AskedCode): Promise<void> {
    return this.sending.finish(asked);
  }

  /**
   * Takes away all factors, codes and trusted devices of a user, and renews the security stamp, whether there were any or
   * not. Within the caller's unit of work, which holds the user and tells why. Returns how many factors there were.
   */
  async removeAll(user: UserId): Promise<number> {
    return (await this.resetting.execute(user)).length;
  }
}
