import { Log } from '../../../platform/logging/log';
import {
  OutboundClient,
  OutboundFailed,
  OutboundRefused,
  type OutboundRequest,
} from '../../../platform/network/outbound/outbound-client';
import { Clock } from '../../../platform/time/clock';
import { ProviderUnavailable } from '../domain/errors';

/** What people wait for a provider at most is five seconds; the rest is ours. */
const BUDGET_MS = 4_500;

/** A request within the time that is left. Throws OutboundFailed and OutboundRefused. */
export type ProviderFetch = (url: string | URL, request: Omit<OutboundRequest, 'timeoutMs'>) => Promise<Response>;

/** The only way in which providers are asked anything. */
export class ProviderCalls {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly budgetMs = BUDGET_MS,
  ) {}

  /** All requests of one question share the time there is. Throws ProviderUnavailable, which the log is told of. */
  async ask<Result>(provider: string, question: (fetch: ProviderFetch) => Promise<Result>): Promise<Result> {
    const endsAtMs = this.clock.elapsedMs() + this.budgetMs;
    try {
      return await question((url, request) => this.fetch(url, request, endsAtMs));
    } catch (error) {
      const refusal = isLost(error) ? new ProviderUnavailable(error.reason) : error;
      if (refusal instanceof ProviderUnavailable) {
        this.log.warn(`The identity provider ${provider} is unavailable: ${refusal.why}`);
      }
      throw refusal;
    }
  }

  private async fetch(
    url: string | URL,
    request: Omit<OutboundRequest, 'timeoutMs'>,
    endsAtMs: number,
  ): Promise<Response> {
    const timeoutMs = Math.floor(endsAtMs - this.clock.elapsedMs());
    if (timeoutMs < 1) throw new OutboundFailed('TIMEOUT');
    return this.outbound.fetch(url, { ...request, timeoutMs });
  }
}

/** Whether nothing came back, or nobody went. */
export function isLost(error: unknown): error is OutboundFailed | OutboundRefused {
  return error instanceof OutboundFailed || error instanceof OutboundRefused;
}
