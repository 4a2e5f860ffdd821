import type { UserId } from '../../../../kernel/ids';
import type { ProviderTokens } from '../providers/identity-provider.port';

/** An identity of another issuer that opens an account here. */
export type LinkedIdentity = {
  readonly id: string;
  readonly userId: UserId;
  /** By which provider it was linked, as the settings called it then. */
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  /** What the provider said last; nobody is found by it. */
  readonly email: string | null;
  readonly linkedAt: Date;
  /** When it last answered for the account, and that was not refused; null: never yet. */
  readonly lastLoginAt: Date | null;
  /** Whether the account was made with it, for whom it is the first way in. */
  readonly madeAccount: boolean;
};

/** An identity opens one account, and an account is opened by one identity of an issuer. The database holds to both. */
export abstract class LinkedIdentities {
  /** Without holding it. */
  abstract find(issuer: string, subject: string): Promise<LinkedIdentity | null>;

  /** Holds it until the unit of work ends, and behind the user whose it is (ADR 25). */
  abstract take(issuer: string, subject: string): Promise<LinkedIdentity | null>;

  /** Those of a user, the oldest first. */
  abstract listOf(user: UserId): Promise<readonly LinkedIdentity[]>;

  /** The same, held until the unit of work ends, and behind their user. */
  abstract takeAllOf(user: UserId): Promise<readonly LinkedIdentity[]>;

  /** Throws LinkedMeanwhile: it opens an account already, or another one of its issuer opens this one. */
  abstract add(identity: LinkedIdentity): Promise<void>;

  /** It answered for its user, who has that address there now. */
  abstract noteLogin(id: string, email: string | null, at: Date): Promise<void>;

  abstract remove(id: string): Promise<void>;

  /** Keeps what the provider gave, sealed, in the place of what it gave before. */
  abstract keepTokens(id: string, tokens: ProviderTokens): Promise<void>;

  /** Nothing is kept of what it gave. */
  abstract dropTokens(id: string): Promise<void>;

  /** The same, of `limit` at most that nobody holds. Returns of how many. */
  abstract dropAllTokens(limit: number): Promise<number>;

  /** null: none are kept. */
  abstract tokensOf(id: string): Promise<ProviderTokens | null>;
}
