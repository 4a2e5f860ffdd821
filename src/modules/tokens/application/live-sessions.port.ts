import type { SessionId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';

/** What a session is worth at this moment, whatever a token says. */
export abstract class LiveSessions {
  /** null unless session, user, tenant and membership are all in force at `now`; the grants are today's. */
  abstract find(id: SessionId, now: Date): Promise<Principal | null>;
}
