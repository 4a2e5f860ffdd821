import type { Answer } from '../client';
import type { Stage } from './stage';

/** Something that is done over HTTP, and all that it leaves in the audit log. */
export type Deed = {
  /** What about it; left out: it is done as it should be. */
  readonly when?: string;
  readonly status: number;
  /**
   * In order: action, outcome, actor, type of the target or `-`, and `in` or `-`: whether it names a tenant. None: it leaves
   * nothing.
   */
  readonly leaves: readonly string[];
  /** What the caller's browser calls itself, where it is not `node`. */
  readonly userAgent?: string;
  /** Prepares what it takes, which may leave events of its own, and returns what is to be done. */
  readonly by: (stage: Stage) => Promise<() => Promise<Answer>>;
};

/** By method and path of the operation, as the OpenAPI document has them. */
export type Deeds = Readonly<Record<string, readonly Deed[]>>;

/** What only asks leaves nothing. */
export const asks = (by: Deed['by'], status = 200): readonly Deed[] => [{ status, leaves: [], by }];
