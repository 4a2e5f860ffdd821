import { Injectable } from '@nestjs/common';
import type { Principal } from '../kernel/principal';
import { RequestContext } from '../platform/http/request-context';
import { Seldom } from '../platform/memory/seldom';
import { isWithin } from '../platform/network/networks';
import { Clock } from '../platform/time/clock';

const RECORDED_EVERY_MS = 60_000;

/** From where tenants let themselves be used. Addresses change while a session is believed, so it is asked at each request. */
@Injectable()
export class NetworkRule {
  private readonly record: Seldom;

  constructor(
    private readonly context: RequestContext,
    clock: Clock,
  ) {
    this.record = new Seldom(clock, RECORDED_EVERY_MS);
  }

  /** Whether the caller comes from where the tenant of the credential may not be used. */
  isOutside({ networks }: Principal): boolean {
    return !isWithin(networks, this.context.origin.ipAddress);
  }

  /** Whether it is to be put on record that they did: once a minute, or who goes on calling would fill the log. */
  isWorthRecording({ sessionId, userId, tenantId }: Principal): boolean {
    return this.record.notice(sessionId ?? `${userId}/${tenantId}`);
  }
}
