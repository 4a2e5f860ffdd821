import type { SessionId } from '../../../../kernel/ids';

/** When and from where sessions were last used: noted in memory, written many at a time, some seconds late. */
export abstract class LastSeen {
  abstract note(id: SessionId, ipAddress: string | null, at: Date): void;

  /** Writes what was noted since the last time. */
  abstract write(): Promise<void>;
}
