import { Injectable, type LoggerService } from '@nestjs/common';
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One JSON object a line. Callers name each field they log; nothing is logged whole, so nothing secret slips in. */
@Injectable()
export class Log implements LoggerService {
  private readonly pino: ReturnType<typeof pino>;

  constructor(level: string) {
    this.pino = pino({ level, base: { service: 'doorward' }, timestamp: pino.stdTimeFunctions.isoTime });
  }

  info(message: string, fields: LogFields = {}): void {
    this.pino.info(fields, message);
  }

  detail(message: string, fields: LogFields = {}): void {
    this.pino.debug(fields, message);
  }

  /** A defect. Of an error only name, message, code and stack: database errors carry their parameters along. */
  failure(message: string, error: unknown, fields: LogFields = {}): void {
    const {
      name,
      message: text,
      stack,
      code,
    } = error instanceof Error ? (error as Error & { code?: unknown }) : asError(error);
    this.pino.error(
      { ...fields, error: { name, message: text, code: typeof code === 'string' ? code : undefined, stack } },
      message,
    );
  }

  // Nest's own words: what it says at start is of interest to people who debug it.
  log(message: unknown): void {
    this.pino.debug(String(message));
  }

  warn(message: unknown): void {
    this.pino.warn(String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n    at '));
    this.pino.error({ stack }, message instanceof Error ? message.message : String(message));
  }

  debug(message: unknown): void {
    this.pino.trace(String(message));
  }

  verbose(message: unknown): void {
    this.pino.trace(String(message));
  }
}

function asError(thrown: unknown): Error & { code?: unknown } {
  return new Error(typeof thrown === 'string' ? thrown : 'Something that is no Error was thrown');
}
