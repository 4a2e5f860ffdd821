import { QueryFailedError } from 'typeorm';

const UNIQUE_VIOLATION = '23505';

/** What PostgreSQL, the socket or the pool says when the database is away, full, or slower than we wait. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'ETIMEDOUT',
  'EPIPE',
  '57014', // statement timeout
  '57P01', // the server is shutting down
  '57P02',
  '57P03',
  '55P03', // lock timeout
  '40001',
  '40P01', // deadlock: the other one won
  '25P03',
]);
const AWAY_CLASSES = ['08', '53'];
const AWAY_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

function codeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The name of the unique constraint or index that refused a write, or undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError) || codeOf(error) !== UNIQUE_VIOLATION) return undefined;
  return (error.driverError as Error & { constraint?: string }).constraint;
}

/** Whether the error means that the database cannot be used now, rather than that we asked something wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return AWAY.has(code) || AWAY_CLASSES.includes(code.slice(0, 2));
  return error instanceof Error && AWAY_TEXTS.test(error.message);
}
