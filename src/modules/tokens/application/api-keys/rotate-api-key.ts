import { Injectable } from '@nestjs/common';
import { type DomainError, NotFound } from '../../../../kernel/domain-error';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { orOnRecord } from '../../../tenancy/quotas.facade';
import { beyond } from '../../../tenancy/tenancy.facade';
import {
  apiKeyActRefused,
  apiKeyBeyondQuota,
  apiKeyCreated,
  type ApiKeyRefusal,
  apiKeyRotated,
} from '../../api-key.events';
import { ApiKey, type ApiKeyState } from '../../domain/api-keys/api-key';
import { BeyondOwnPermissions, NotOwnKey, NotToBeRotated } from '../../domain/api-keys/api-key-errors';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import { successorExpiry } from '../../domain/api-keys/api-key-lifetime';
import { AccessTokenRefused } from '../../domain/errors';
import { ApiKeyCodec } from './api-key-codec.port';
import { viewOf } from './api-key-queries';
import { ApiKeys } from './api-keys.port';
import type { KeyActor } from './change-api-key';
import type { MintedApiKey } from './mint-api-key';
import { MinterRights } from './minter-rights';

type Rotation = { readonly by: KeyActor; readonly id: ApiKeyId; readonly overlapSeconds: number };
type Refused = {
  readonly reason: Extract<ApiKeyRefusal, 'not_own_key' | 'beyond_own_permissions'>;
  readonly missing: readonly string[];
};
type Failure = 'absent' | 'session_ended' | 'not_to_be_rotated' | Refused['reason'];
type Outcome = { readonly kind: 'rotated'; readonly minted: MintedApiKey } | { readonly kind: Failure };

/** Puts a new key in the place of one in force: same name, permissions, networks and lifetime. */
@Injectable()
export class RotateApiKey {
  constructor(
    private readonly keys: ApiKeys,
    private readonly codec: ApiKeyCodec,
    private readonly rights: MinterRights,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Both keys are good for the overlap, at 0 only the new one. Throws NotFound: not there, another tenant's, or revoked;
   * NotToBeRotated; AccessTokenRefused when the caller's session is over; Throws, and leaves on record, QuotaExceeded when there is no
   * room for two, NotOwnKey, and BeyondOwnPermissions when its owner has lost some of what it may do.
   */
  async execute(rotation: Rotation): Promise<MintedApiKey> {
    const { work, events } = this;
    const { userId: ownerId, tenantId } = rotation.by;
    const attempt = (): Promise<Outcome> => work.run((now) => this.rotate(rotation, now));
    const outcome = await orOnRecord({ work, events }, attempt, () => apiKeyBeyondQuota({ ownerId, tenantId }));
    if (outcome.kind === 'rotated') return outcome.minted;
    throw errorOf(outcome.kind);
  }

  private async rotate({ by, id, overlapSeconds }: Rotation, now: Date): Promise<Outcome> {
    const maxDays = await this.rights.maxDaysIn(by.tenantId);
    // Where the one ends as the other begins there are no more than before.
    if (overlapSeconds > 0) await this.rights.makeRoomIn(by.tenantId);
    const own = await this.rights.of(by.userId, by.tenantId, by.sessionId, now);
    if (!own) return { kind: 'session_ended' };
    const key = await this.keys.takeIn(by.tenantId, id);
    if (!key || key.snapshot().revokedAt) return { kind: 'absent' };

    const refused = refusalOf(by, key.snapshot(), own);
    if (refused) {
      await this.events.append(apiKeyActRefused(key.snapshot(), by.userId, refused.reason, refused.missing));
      return { kind: refused.reason };
    }
    return this.replace(key, overlapSeconds, maxDays, now);
  }

  private async replace(key: ApiKey, overlapSeconds: number, maxDays: number | null, now: Date): Promise<Outcome> {
    const { tenantId, ownerId, name, description, permissions, allowedIps } = key.snapshot();
    const expiresAt = successorExpiry(key.lifetimeMs, now, maxDays);
    const { key: text, ...issued } = this.codec.issue(now);
    if (!key.giveWayTo(issued.id, overlapSeconds, now)) return { kind: 'not_to_be_rotated' };
    const inherited = { tenantId, ownerId, name, description, permissions, allowedIps };
    const successor = ApiKey.mint({ ...issued, ...inherited, expiresAt }, now);
    await this.keys.save(key);
    await this.keys.add(successor);
    await this.events.append(apiKeyCreated(successor.snapshot()));
    await this.events.append(apiKeyRotated(key.snapshot(), issued.id));
    return { kind: 'rotated', minted: { ...viewOf(successor.snapshot()), key: text } };
  }
}

function errorOf(failure: Failure): DomainError {
  switch (failure) {
    case 'absent':
      return new NotFound();
    case 'session_ended':
      return new AccessTokenRefused('TOKEN_INVALID');
    case 'not_own_key':
      return new NotOwnKey();
    case 'beyond_own_permissions':
      return new BeyondOwnPermissions();
    case 'not_to_be_rotated':
      return new NotToBeRotated();
  }
}

/** Whoever rotates a key is shown one that acts for its owner, so nobody else may: whatever they may do, they are not them. */
function refusalOf(by: KeyActor, { ownerId, permissions }: ApiKeyState, own: readonly string[]): Refused | null {
  if (ownerId !== by.userId) return { reason: 'not_own_key', missing: [] };
  const missing = beyond(own, permissions);
  return missing.length > 0 ? { reason: 'beyond_own_permissions', missing } : null;
}
