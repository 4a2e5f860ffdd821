import { Client, type ClientConfig } from 'pg';

const UNANSWERED = 'Query read timeout';

type Settled = { readonly catch: (refuse: (error: unknown) => never) => unknown };
type Hidden = { readonly connection: { readonly stream: { destroy(): void } } };

/**
 * A connection that is given up when the server does not answer in time. Its rollback would wait behind the statement
 * nobody answers, and the request with it.
 */
export class ImpatientClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    // The driver's own method has a dozen forms; whichever is called, what comes back may be a promise.
    const ask = this.query.bind(this) as (...statement: unknown[]) => unknown;
    const patient = (...statement: unknown[]): unknown => {
      const result = ask(...statement);
      return isPromise(result) ? result.catch((error: unknown) => this.abandon(error)) : result;
    };
    this.query = patient as Client['query'];
  }

  private abandon(error: unknown): never {
    if (error instanceof Error && error.message === UNANSWERED) {
      (this as unknown as Hidden).connection.stream.destroy();
    }
    throw error;
  }
}

function isPromise(value: unknown): value is Settled {
  return typeof value === 'object' && value !== null && 'catch' in value;
}
