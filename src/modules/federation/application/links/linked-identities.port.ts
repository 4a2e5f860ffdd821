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
  readonly lastLoginAt: Date | null;
};

/** An identity opens one account, and an account is opened by one identity of an issuer. The database holds to both. */
export abstract class LinkedIdentities {
  /** Holds it until the unit of work ends, before its user. */
  abstract take(issuer: string, subject: string): Promise<LinkedIdentity | null>;

  /** Those of a user, the oldest first. */
  abstract listOf(user: UserId): Promise<readonly LinkedIdentity[]>;

  /** The same, held until the unit of work ends, and before their user. */
  abstract takeAllOf(user: UserId): Promise<readonly LinkedIdentity[]>;

  /** Throws LinkedMeanwhile: it opens an account already, or another one of its issuer opens this one. */
  abstract add(identity: LinkedIdentity): Promise<void>;

  /** Its user is in by it, and has that address there now. */
  abstract noteLogin(id: string, email: string | null, at: Date): Promise<void>;

  abstract remove(id: string): Promise<void>;

  /** Keeps what the provider gave, sealed, in the place of what it gave before. */
  abstract keepTokens(id: string, tokens: ProviderTokens): Promise<void>;

  /** null: none are kept. */
  abstract tokensOf(id: string): Promise<ProviderTokens | null>;
}
