import type { UserId } from '../../../kernel/ids';
import type { User } from '../domain/user';

/** The store of users. */
export abstract class Users {
  /** Throws EmailTaken or UsernameTaken; the unit of work is lost then. */
  abstract add(user: User): Promise<void>;

  /** Throws UsernameTaken; the unit of work is lost then. */
  abstract save(user: User): Promise<void>;

  /** Somebody has signed in. Nothing else of the user changes, so nothing else is read or written. */
  abstract noteSignIn(id: UserId, at: Date): Promise<void>;

  /** Holds the row until the unit of work ends. */
  abstract take(id: UserId): Promise<User | null>;

  /** For good. What refers to the user must have gone before. */
  abstract remove(id: UserId): Promise<void>;

  /**
   * All active system administrators, in one order for everybody: who there is stays one until the unit of work ends. Before
   * any user is held alone.
   */
  abstract holdSystemAdministrators(): Promise<readonly UserId[]>;

  abstract find(id: UserId): Promise<User | null>;

  /** By e-mail address when there is an @ in it, else by username; upper and lower case alike. */
  abstract findByLogin(login: string): Promise<User | null>;
}
