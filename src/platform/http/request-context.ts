import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';

export type Actor = 'anonymous' | 'user' | 'api_key' | 'cli' | 'system' | 'development';

/** Where a decision comes from. The event log adds it to each event, so that no use case carries it. */
export type Origin = {
  readonly requestId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly acceptLanguage: string | null;
  /** Set by the authentication guard once it knows. */
  actor: Actor;
  /** The user who acts, set with it; of an API key, its owner. null: nobody is known to. */
  actorId: UserId | null;
  /** The key it is done with; null for whoever comes without one. */
  apiKeyId: string | null;
};

/** The origin of whatever is running, carried along every await. */
@Injectable()
export class RequestContext {
  private readonly storage = new AsyncLocalStorage<Origin>();

  run<T>(origin: Origin, work: () => T): T {
    return this.storage.run(origin, work);
  }

  /** Outside any request or command it is the system itself that acts. */
  get origin(): Origin {
    return this.storage.getStore() ?? noRequest('system');
  }
}

/** The origin of what no request asked for. */
export function noRequest(actor: Actor): Origin {
  return {
    ...{ requestId: null, ipAddress: null, userAgent: null, acceptLanguage: null },
    ...{ actor, actorId: null, apiKeyId: null },
  };
}
