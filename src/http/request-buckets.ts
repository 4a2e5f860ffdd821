import { createHmac } from 'node:crypto';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type LimitName, LimitSettings } from '../platform/config/settings';
import { MasterKey } from '../platform/crypto/master-key';
import { RATE_LIMIT, type RateLimitRule } from '../platform/http/rate-limited';
import type { BodyRequest } from '../platform/http/request';
import { RequestContext } from '../platform/http/request-context';
import type { Bucket } from '../platform/limits/token-buckets';
import { subscriberOf } from '../platform/network/address';
import { PresentedDevice } from './presented-device';
import { textOf } from './typed-text';

/** A bucket, and what it is called before clients. */
export type LimitBucket = Bucket & { readonly name: LimitName };

/** What a request takes a token of. */
export type RequestLimits = {
  /** The route's own, of which clients are told where they stand. */
  readonly ofRoute: readonly LimitBucket[];
  /** Those any request has. */
  readonly ofCaller: readonly LimitBucket[];
  readonly uncounted: RateLimitRule['uncounted'];
};

/** Whose buckets a request takes from, and what they are called. */
@Injectable()
export class RequestBuckets {
  private readonly accountKey: Buffer;

  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly settings: LimitSettings,
    private readonly devices: PresentedDevice,
    master: MasterKey,
  ) {
    this.accountKey = master.derive('rate-limit');
  }

  of(execution: ExecutionContext): RequestLimits {
    const request = execution.switchToHttp().getRequest<BodyRequest>();
    const rule = this.reflector.get<RateLimitRule | undefined>(RATE_LIMIT, execution.getHandler());
    return {
      ofRoute: rule === undefined ? [] : this.ofRoute(rule, request),
      ofCaller: [...this.ofTenant(request), ...this.ofApiKey(request)],
      uncounted: rule?.uncounted ?? 'serve',
    };
  }

  /** What a key that is not good takes a token of. Of a good one's none is taken: its neighbours use up nothing of it. */
  ofBadApiKey(): LimitBucket {
    return this.bucket('bad_api_key', this.address());
  }

  private ofRoute(rule: RateLimitRule, request: BodyRequest): readonly LimitBucket[] {
    const { account } = rule;
    // What strangers use up, from the same address or of the same account, is not the owner's.
    if (account !== undefined && this.isKnownDevice(account, request)) {
      return this.ofAccount(account, request).map(({ key }) => this.bucket(rule.name, `known:${key}`));
    }
    return [
      ...(rule.by === 'address' ? [this.bucket(rule.name, this.address())] : this.ofUser(rule.name, request)),
      ...(rule.account === undefined ? [] : this.ofAccount(rule.account, request)),
      ...(rule.everybody === true ? [this.bucket('global', 'all')] : []),
    ];
  }

  /** The address sessions and the audit log name too: only configured proxies may say another than the peer's. */
  private address(): string {
    const { ipAddress } = this.context.origin;
    return ipAddress === null ? 'unknown' : subscriberOf(ipAddress);
  }

  /** Whoever is not signed in is about to be refused. */
  private ofUser(name: LimitName, { user }: BodyRequest): readonly LimitBucket[] {
    return user === undefined ? [] : [this.bucket(name, user.userId)];
  }

  /** Whether the device has signed in before by the very name that is typed now: it makes no other account easier to reach. */
  private isKnownDevice(field: string, request: BodyRequest): boolean {
    const login = textOf(request, field);
    return login !== null && this.devices.hasSignedInAs(login, request);
  }

  /** By what was typed, so that an unknown account is like a known one, and hashed, so that nobody reads it in Redis. */
  private ofAccount(field: string, request: BodyRequest): readonly LimitBucket[] {
    const typed = textOf(request, field);
    if (typed === null) return [];
    const hash = createHmac('sha256', this.accountKey).update(typed.toLowerCase()).digest('base64url');
    return [this.bucket('account', hash)];
  }

  private ofTenant({ user }: BodyRequest): readonly LimitBucket[] {
    return user === undefined || user.kind === 'development' ? [] : [this.bucket('tenant', user.tenantId)];
  }

  private ofApiKey({ user }: BodyRequest): readonly LimitBucket[] {
    return user?.apiKeyId ? [this.bucket('api_key', `${user.tenantId}:${user.apiKeyId}`)] : [];
  }

  private bucket(name: LimitName, subject: string): LimitBucket {
    return { name, key: `${name}:${subject}`, rate: this.settings.rates[name] };
  }
}
