import { QueryFailedError } from 'typeorm';
import { isDatabaseAway, violatedReference, violatedUnique } from './failures';

const withCode = (code: string, message = 'refused'): Error => Object.assign(new Error(message), { code });
const failedQuery = (driverError: Error): QueryFailedError => new QueryFailedError('SELECT 1', [], driverError);

describe('a database that is away', () => {
  it.each([
    ['the server is not there', 'ECONNREFUSED', 'connect'],
    ['its socket file is not there', 'ENOENT', 'connect'],
    ['its machine is out of reach', 'EHOSTUNREACH', 'connect'],
    ['the connection was cut', 'ECONNRESET', 'read'],
    ['its name does not resolve', 'ENOTFOUND', 'getaddrinfo'],
    ['the name server does not answer', 'EAI_AGAIN', 'getaddrinfo'],
    ['it does not answer in time', 'ETIMEDOUT', 'connect'],
    ['the connection was closed', 'EPIPE', 'write'],
  ])('is recognised when %s: %s', (_, code, syscall) => {
    expect(isDatabaseAway(Object.assign(new Error('no'), { code, syscall }))).toBe(true);
    expect(isDatabaseAway(failedQuery(withCode(code)))).toBe(true);
    expect(isDatabaseAway(Object.assign(new AggregateError([], 'no'), { code }))).toBe(true);
  });

  it.each([
    ['the statement took too long', '57014'],
    ['the server shuts down', '57P01'],
    ['the server crashed', '57P02'],
    ['the server starts up', '57P03'],
    ['a lock was not had in time', '55P03'],
    ['the transaction lost to another', '40001'],
    ['a deadlock was resolved', '40P01'],
    ['it idled too long in a transaction', '25P03'],
    ['it may only be read', '25006'],
    ['it refuses to record', '42501'],
    ['the connection failed', '08006'],
    ['no connection could be made', '08001'],
    ['it has no connection left', '53300'],
    ['its disk is full', '53100'],
    ['its memory is full', '53200'],
  ])('is recognised when %s: %s', (_, code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true);
    expect(isDatabaseAway(failedQuery(withCode(code)))).toBe(true);
  });

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Query runner already released. Cannot run queries anymore.',
    'Database connection provided by a query runner was already released, cannot continue to use its querying methods until it is released.',
    'Client has encountered a connection error and is not queryable',
  ])('is recognised by the driver’s words: %s', (message) => {
    expect(isDatabaseAway(new Error(message))).toBe(true);
    expect(isDatabaseAway(failedQuery(new Error(message)))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a statement with a mistake', failedQuery(withCode('42601'))],
    ['a table that is missing', failedQuery(withCode('42P01'))],
    ['a value taken already', failedQuery(withCode('23505'))],
    ['a row that is missing', failedQuery(withCode('23503'))],
    ['a file that is missing', Object.assign(new Error('no'), { code: 'ENOENT', syscall: 'open' })],
    ['a bug', new TypeError('x is not a function')],
    ['a bug whose code talks of the connection', withCode('42601', 'Connection terminated')],
    ['a text', 'Connection terminated'],
    ['an object', { code: 'ECONNREFUSED' }],
    ['nothing', undefined],
    ['null', null],
  ])('is not mistaken for %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});

describe('a unique value that is taken', () => {
  const taken = Object.assign(withCode('23505'), { constraint: 'users_email_unique' });

  it('is told by the name of its constraint', () => {
    expect(violatedUnique(failedQuery(taken))).toBe('users_email_unique');
  });

  it('and a reference to what is not there, each for itself', () => {
    const missing = failedQuery(Object.assign(withCode('23503'), { constraint: 'invitations_tenant' }));
    expect(violatedReference(missing)).toBe('invitations_tenant');
    expect(violatedReference(failedQuery(taken))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['another violation', failedQuery(Object.assign(withCode('23503'), { constraint: 'memberships_user' }))],
    ['an error that no query caused', taken],
    ['a bug', new Error('users_email_unique')],
    ['nothing', undefined],
  ])('is not mistaken for %s', (_, error) => {
    expect(violatedUnique(error)).toBeUndefined();
  });
});
