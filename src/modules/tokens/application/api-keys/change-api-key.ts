import { Injectable } from '@nestjs/common';
import { NotFound, ValidationFailed, type Violation } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { beyond } from '../../../tenancy/tenancy.facade';
import { apiKeyActRefused, type ApiKeyRefusal, apiKeyUpdated } from '../../api-key.events';
import type { ApiKeyChange, ApiKeyState } from '../../domain/api-keys/api-key';
import { BeyondOwnPermissions, KeyAboveOwnRights } from '../../domain/api-keys/api-key-errors';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import { AccessTokenRefused } from '../../domain/errors';
import { ApiKeyQueries, type ApiKeyView, viewOf } from './api-key-queries';
import { ApiKeys } from './api-keys.port';
import { MinterRights } from './minter-rights';
import { permissionViolations } from './permission-list';

export type KeyActor = Pick<Principal, 'userId' | 'tenantId' | 'sessionId'>;

type Rights = { readonly own: readonly string[]; readonly ofOwner: readonly string[] };
type Refused = { readonly reason: ApiKeyRefusal; readonly missing: readonly string[] };
type Outcome =
  | { readonly kind: 'changed'; readonly key: ApiKeyView }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] }
  | { readonly kind: 'refused'; readonly reason: ApiKeyRefusal }
  | { readonly kind: 'absent' }
  | { readonly kind: 'session_ended' };

/** Gives a key another name, other permissions or other networks. Whom it acts for and until when nobody changes. */
@Injectable()
export class ChangeApiKey {
  constructor(
    private readonly keys: ApiKeys,
    private readonly queries: ApiKeyQueries,
    private readonly rights: MinterRights,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws NotFound: not there, another tenant's, or revoked; ValidationFailed; AccessTokenRefused when the caller's session
   * is over. Throws, and leaves on record, KeyAboveOwnRights when it is somebody else's key and may do more than the
   * caller, and BeyondOwnPermissions when it is to do what the caller or its owner may not.
   */
  async execute(by: KeyActor, id: ApiKeyId, change: ApiKeyChange): Promise<ApiKeyView> {
    const outcome = await this.work.run((now) => this.change(by, id, change, now));
    if (outcome.kind === 'absent') throw new NotFound();
    if (outcome.kind === 'invalid') throw new ValidationFailed(outcome.violations);
    if (outcome.kind === 'session_ended') throw new AccessTokenRefused('TOKEN_INVALID');
    if (outcome.kind === 'changed') return outcome.key;
    throw outcome.reason === 'above_own_rights' ? new KeyAboveOwnRights() : new BeyondOwnPermissions();
  }

  private async change(by: KeyActor, id: ApiKeyId, change: ApiKeyChange, now: Date): Promise<Outcome> {
    const violations = change.permissions ? permissionViolations(change.permissions) : [];
    if (violations.length > 0) return { kind: 'invalid', violations };
    // Read, not taken: its owner stays its owner, and memberships are held before keys.
    const found = await this.queries.find(by.tenantId, id);
    if (!found) return { kind: 'absent' };
    const rights = await this.rightsOf(by, found, now);
    if (!rights) return { kind: 'session_ended' };
    const key = await this.keys.takeIn(by.tenantId, id);
    if (!key || key.snapshot().revokedAt) return { kind: 'absent' };

    const refused = refusalOf(by, key.snapshot(), change, rights);
    if (refused) {
      await this.events.append(apiKeyActRefused(key.snapshot(), by.userId, refused.reason, refused.missing));
      return { kind: 'refused', reason: refused.reason };
    }
    const changed = key.change(change);
    if (changed.length > 0) {
      await this.keys.save(key);
      await this.events.append(apiKeyUpdated(key.snapshot(), by.userId, changed));
    }
    return { kind: 'changed', key: viewOf(key.snapshot()) };
  }

  /** null when the caller's session is over. */
  private async rightsOf(by: KeyActor, { ownerId }: ApiKeyView, now: Date): Promise<Rights | null> {
    const ofOwner = ownerId === by.userId ? null : await this.rights.of(ownerId, by.tenantId, null, now);
    const own = await this.rights.of(by.userId, by.tenantId, by.sessionId, now);
    return own && { own, ofOwner: ofOwner ?? own };
  }
}

/** Whoever made a key may always cut it down; whoever did not must be able to do all that it may. */
function refusalOf(by: KeyActor, key: ApiKeyState, change: ApiKeyChange, { own, ofOwner }: Rights): Refused | null {
  const above = key.ownerId === by.userId ? [] : beyond(own, key.permissions);
  if (above.length > 0) return { reason: 'above_own_rights', missing: above };
  const wanted = change.permissions ?? [];
  const missing = beyond(own, wanted);
  if (missing.length > 0) return { reason: 'beyond_own_permissions', missing };
  const missingToOwner = beyond(ofOwner, wanted);
  return missingToOwner.length > 0 ? { reason: 'beyond_owners_permissions', missing: missingToOwner } : null;
}
