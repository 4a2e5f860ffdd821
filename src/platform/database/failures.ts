import { types } from 'node:util';
import { QueryFailedError } from 'typeorm';

const UNIQUE_VIOLATION = '23505';
const REFERENCE_VIOLATION = '23503';

/** Somebody else was faster, and everything this transaction did is undone: begun anew it sees what they did. */
const LOST_RACES = new Set([
  '40001', // serialization failure
  '40P01', // deadlock: the other one won
  '23503', // what the row refers to is gone meanwhile
]);

/** What PostgreSQL says when it is going away, full, read-only, or slower than we wait (SQLSTATE). */
const AWAY = new Set([
  '57014', // statement timeout
  '57P01', // the server is shutting down
  '57P02',
  '57P03',
  '57P05',
  '55P03', // lock timeout
  '40001',
  '40P01', // deadlock: the other one won
  '25P03',
  '25P04',
  '25006', // failed over to a server that only reads
  '3D000', // no such database
  '42501', // a right was taken from our role: an event that may not be recorded, for one
]);
/** No connection, no room, no such role or password. */
const AWAY_CLASSES = ['08', '53', '28'];

/** What the socket says. */
const AWAY_ON_THE_NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // no socket file
  'ETIMEDOUT',
  'EPIPE',
]);
const NETWORK_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);

/** What the driver, its pool and TypeORM say, without any code, when a connection went away under them. */
const AWAY_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout|timeout expired|Cannot use a pool after calling end|Query runner already released|query runner was already released/;

const NO_SERVICE_ROLE = /^role "doorward_service" does not exist$/;

function codeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = types.isNativeError(cause) ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The name of the unique constraint or index that refused a write, or undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  return constraintOf(error, UNIQUE_VIOLATION);
}

/** The name of the foreign key that refused a write, for what it refers to is not there; undefined for any other error. */
export function violatedReference(error: unknown): string | undefined {
  return constraintOf(error, REFERENCE_VIOLATION);
}

function constraintOf(error: unknown, violation: string): string | undefined {
  if (!(error instanceof QueryFailedError) || codeOf(error) !== violation) return undefined;
  return (error.driverError as Error & { constraint?: string }).constraint;
}

/**
 * Whether the schema is older than what we asked of it: a table is not there, or the role we work as, which migrations
 * make.
 */
export function isSchemaMissing(error: unknown): boolean {
  return codeOf(error) === '42P01' || (error instanceof QueryFailedError && NO_SERVICE_ROLE.test(error.message));
}

/** Whether the error means that the database cannot be used now, rather than that we asked something wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return types.isNativeError(error) && AWAY_TEXTS.test(error.message);
  if (AWAY_ON_THE_NETWORK.has(code)) return isOfTheNetwork(error);
  return AWAY.has(code) || AWAY_CLASSES.includes(code.slice(0, 2));
}

/** A missing file is no missing server: the same codes come from both. */
function isOfTheNetwork(error: unknown): boolean {
  if (error instanceof QueryFailedError || isOfSeveralAddresses(error)) return true;
  return NETWORK_CALLS.has((error as NodeJS.ErrnoException).syscall ?? '');
}

/** What Node throws when a name has several addresses and none of them answers. */
function isOfSeveralAddresses(error: unknown): boolean {
  return types.isNativeError(error) && error.name === 'AggregateError';
}

/** Whether a transaction failed for another one's sake alone, and may be begun anew. */
export function isLostRace(error: unknown): boolean {
  return error instanceof QueryFailedError && LOST_RACES.has(String((error.driverError as { code?: unknown }).code));
}
