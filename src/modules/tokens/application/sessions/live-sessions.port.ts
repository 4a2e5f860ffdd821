import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import type { AssuranceLevel, NewDevicePolicy } from '../../domain/session';

/** What a session is worth in one tenant at this moment, whatever a token says. */
export type LiveSession = {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly systemAdministrator: boolean;
  readonly assurance: AssuranceLevel;
  /** When a second factor was last shown in it; null: never. */
  readonly factorShownAt: Date | null;
  /** Only what leads to a second factor may be done; roles and permissions are none then. */
  readonly confined: boolean;
  /** The tenant's policy. */
  readonly newDevice: NewDevicePolicy;
  /** From where alone it is used in the tenant; none: from anywhere. */
  readonly networks: readonly string[];
  /** How many days after its sign-in the tenant has it end; null: the settings alone say when. */
  readonly maxDays: number | null;
  /** When it ends by itself, unless it is refreshed. */
  readonly endsAt: Date;
};

/** The truth about sessions: always the database's. */
export abstract class LiveSessions {
  /** null unless session, user, tenant and membership are all in force at `now`; the grants are today's. */
  abstract find(id: SessionId, tenant: TenantId, now: Date): Promise<LiveSession | null>;
}
