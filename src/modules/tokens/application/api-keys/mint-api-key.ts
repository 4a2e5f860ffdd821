import { Injectable } from '@nestjs/common';
import { ValidationFailed, type Violation } from '../../../../kernel/domain-error';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { beyond, isPermission } from '../../../tenancy/tenancy.facade';
import { QuotaExceeded } from '../../../tenancy/quotas.facade';
import { apiKeyBeyondQuota, apiKeyCreated, apiKeyRefused } from '../../api-key.events';
import { ApiKey } from '../../domain/api-keys/api-key';
import { BeyondOwnPermissions } from '../../domain/api-keys/api-key-errors';
import { AccessTokenRefused } from '../../domain/errors';
import { expiryViolations, usualExpiry } from '../../domain/api-keys/api-key-lifetime';
import { ApiKeyCodec } from './api-key-codec.port';
import { type ApiKeyView, viewOf } from './api-key-queries';
import { ApiKeys } from './api-keys.port';
import { RoomForKey } from './room-for-key';

export type ApiKeyInput = {
  readonly tenantId: TenantId;
  readonly ownerId: UserId;
  /** The session of its owner it is made in; null: by an operator. */
  readonly madeIn: SessionId | null;
  readonly name: string;
  readonly description: string | null;
  readonly permissions: readonly string[];
  /** null: in 90 days. */
  readonly expiresAt: Date | null;
};

export type MintedApiKey = ApiKeyView & {
  /** The key itself, for this once. */
  readonly key: string;
};

type Outcome =
  | { readonly kind: 'minted'; readonly minted: MintedApiKey }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] }
  | { readonly kind: 'beyond' }
  | { readonly kind: 'session_ended' };

/** Makes a key that acts for a user in a tenant, and may do nothing that the user may not do there now. */
@Injectable()
export class MintApiKey {
  constructor(
    private readonly keys: ApiKeys,
    private readonly codec: ApiKeyCodec,
    private readonly room: RoomForKey,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws ValidationFailed, BeyondOwnPermissions when the owner does not hold what the key is to hold, QuotaExceeded when the
   * tenant has as many keys as it may, and AccessTokenRefused when the session it is made in is over.
   */
  async execute(input: ApiKeyInput): Promise<MintedApiKey> {
    const outcome = await this.orOnRecord(input, () => this.work.run((now) => this.mint(input, now)));
    if (outcome.kind === 'invalid') throw new ValidationFailed(outcome.violations);
    if (outcome.kind === 'beyond') throw new BeyondOwnPermissions();
    if (outcome.kind === 'session_ended') throw new AccessTokenRefused('TOKEN_INVALID');
    return outcome.minted;
  }

  /** That there was no room has undone the unit of work, so it goes on record in one of its own. */
  private async orOnRecord<T>(input: ApiKeyInput, mint: () => Promise<T>): Promise<T> {
    try {
      return await mint();
    } catch (error) {
      if (error instanceof QuotaExceeded) await this.work.run(() => this.events.append(apiKeyBeyondQuota(input)));
      throw error;
    }
  }

  private async mint(input: ApiKeyInput, now: Date): Promise<Outcome> {
    const { tenantId, ownerId, name, description } = input;
    const permissions = [...new Set(input.permissions)];
    const expiresAt = input.expiresAt ?? usualExpiry(now);
    const violations = [...violationsOf(permissions), ...expiryViolations(expiresAt, now)];
    if (violations.length > 0) return { kind: 'invalid', violations };

    const rights = await this.room.make(ownerId, tenantId, input.madeIn, now);
    if (!rights) return { kind: 'session_ended' };
    const missing = beyond(rights, permissions);
    if (missing.length > 0) {
      await this.events.append(apiKeyRefused(input, missing));
      return { kind: 'beyond' };
    }
    const { key, ...issued } = this.codec.issue(now);
    const minted = ApiKey.mint(
      { ...issued, tenantId, ownerId, name, description, permissions, expiresAt, allowedIps: [] },
      now,
    );
    await this.keys.add(minted);
    await this.events.append(apiKeyCreated(minted.snapshot()));
    return { kind: 'minted', minted: { ...viewOf(minted.snapshot()), key } };
  }
}

function violationsOf(permissions: readonly string[]): Violation[] {
  const violation = (code: string, message: string): Violation => ({ field: 'permissions', code, message });
  if (permissions.length === 0) return [violation('FIELD_REQUIRED', 'Name at least one permission.')];
  if (permissions.every(isPermission)) return [];
  return [violation('PERMISSION_INVALID', 'Each permission is resource:action, resource:* or *:*.')];
}
