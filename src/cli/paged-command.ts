import { Option } from 'nest-commander';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';

export type PageOptions = CommonOptions & { readonly limit?: number; readonly cursor?: string };

export const DEFAULT_LIMIT = 20;
const MOST = 100;

/** For commands that list things a page at a time and inherit other options: `readLimit` and `readCursor` of theirs. */
export const LimitOption = (): MethodDecorator =>
  Option({ flags: '--limit <count>', description: `1 to ${MOST} (${DEFAULT_LIMIT})` });

export const CursorOption = (): MethodDecorator =>
  Option({ flags: '--cursor <cursor>', description: 'where the page before ended' });

/** A command that lists things a page at a time. */
export abstract class PagedCommand extends DoorwardCommand {
  /** Whether the text can be where a page of this list ended. */
  protected abstract isCursor(text: string): boolean;

  @LimitOption()
  readLimit(value: string): number {
    return limitOf(value);
  }

  @CursorOption()
  readCursor(value: string): string {
    return cursorOf(value, (text) => this.isCursor(text));
  }
}

/** Throws UsageError. */
export function limitOf(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new UsageError(`--limit is 1 to ${MOST}`);
  return limit;
}

/** Throws UsageError. */
export function cursorOf(value: string, isCursor: (text: string) => boolean): string {
  if (!isCursor(value)) throw new UsageError('--cursor is not a cursor');
  return value;
}

/** The line below a table that is not the last one. */
export function moreBelow(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\nMore: --cursor ${nextCursor}`;
}
