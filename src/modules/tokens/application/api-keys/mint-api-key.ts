import { Injectable } from '@nestjs/common';
import { ValidationFailed, type Violation } from '../../../../kernel/domain-error';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { beyond } from '../../../tenancy/tenancy.facade';
import { orOnRecord } from '../../../tenancy/quotas.facade';
import { apiKeyBeyondQuota, apiKeyCreated, apiKeyRefused } from '../../api-key.events';
import { ApiKey } from '../../domain/api-keys/api-key';
import { BeyondOwnPermissions } from '../../domain/api-keys/api-key-errors';
import { AccessTokenRefused } from '../../domain/errors';
import { expiryViolations, usualExpiry } from '../../domain/api-keys/api-key-lifetime';
import { ApiKeyCodec } from './api-key-codec.port';
import { type ApiKeyView, viewOf } from './api-key-queries';
import { ApiKeys } from './api-keys.port';
import { MinterRights } from './minter-rights';
import { permissionViolations } from './permission-list';

export type ApiKeyInput = {
  readonly tenantId: TenantId;
  readonly ownerId: UserId;
  /** The session of its owner it is made in; null: by an operator. */
  readonly madeIn: SessionId | null;
  readonly name: string;
  readonly description: string | null;
  readonly permissions: readonly string[];
  /** null: in 90 days, or as soon as the tenant demands. */
  readonly expiresAt: Date | null;
  /** Addresses and networks from which alone it is to be good; left out or empty: from any. */
  readonly allowedIps?: readonly string[];
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
    private readonly rights: MinterRights,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws ValidationFailed, QuotaExceeded, BeyondOwnPermissions when the owner does not hold what the key is to hold, and
   * AccessTokenRefused when the session it is made in is over.
   */
  async execute(input: ApiKeyInput): Promise<MintedApiKey> {
    const { work, events } = this;
    const attempt = (): Promise<Outcome> => work.run((now) => this.mint(input, now));
    const outcome = await orOnRecord({ work, events }, attempt, () => apiKeyBeyondQuota(input));
    if (outcome.kind === 'invalid') throw new ValidationFailed(outcome.violations);
    if (outcome.kind === 'beyond') throw new BeyondOwnPermissions();
    if (outcome.kind === 'session_ended') throw new AccessTokenRefused('TOKEN_INVALID');
    return outcome.minted;
  }

  private async mint(input: ApiKeyInput, now: Date): Promise<Outcome> {
    const { tenantId, ownerId, name, description } = input;
    const permissions = [...new Set(input.permissions)];
    const allowedIps = [...new Set(input.allowedIps)];
    const maxDays = await this.rights.maxDaysIn(tenantId);
    const expiresAt = input.expiresAt ?? usualExpiry(now, maxDays);
    const violations = [...permissionViolations(permissions), ...expiryViolations(expiresAt, now, maxDays)];
    if (violations.length > 0) return { kind: 'invalid', violations };

    await this.rights.makeRoomIn(tenantId);
    const rights = await this.rights.of(ownerId, tenantId, input.madeIn, now);
    if (!rights) return { kind: 'session_ended' };
    const missing = beyond(rights, permissions);
    if (missing.length > 0) {
      await this.events.append(apiKeyRefused(input, missing));
      return { kind: 'beyond' };
    }
    const { key, ...issued } = this.codec.issue(now);
    const wanted = { tenantId, ownerId, name, description, permissions, expiresAt, allowedIps };
    const minted = ApiKey.mint({ ...issued, ...wanted }, now);
    await this.keys.add(minted);
    await this.events.append(apiKeyCreated(minted.snapshot()));
    return { kind: 'minted', minted: { ...viewOf(minted.snapshot()), key } };
  }
}
