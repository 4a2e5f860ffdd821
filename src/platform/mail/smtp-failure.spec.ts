import { SealBroken } from '../crypto/secret-box';
import type { FailureKind } from '../outbox/delivery-failure';
import { failureOf, reasonOf } from './smtp-failure';

const withCodes = (codes: object): Error => Object.assign(new Error('550 no such user: ann@example.com'), codes);

describe('why a mail was not sent', () => {
  it.each([
    ['EENVELOPE 550', withCodes({ code: 'EENVELOPE', responseCode: 550 })],
    ['ECONNECTION', withCodes({ code: 'ECONNECTION' })],
    ['EACCES', withCodes({ code: 'EACCES' })],
    ['SealBroken', new SealBroken('altered')],
    ['Error 421', withCodes({ responseCode: 421 })],
    ['Error', withCodes({ code: 'smtp://user:password@host' })],
    ['Error', withCodes({ code: 7, responseCode: 'ann@example.com' })],
    ['unknown', 'ann@example.com'],
    ['unknown', undefined],
  ])('is %s, and never in the words of others', (reason, error) => {
    expect(reasonOf(error)).toBe(reason);
  });
});

describe('a failure', () => {
  const [before, within] = [{ inLetter: false }, { inLetter: true }];

  it.each<[string, object, FailureKind]>([
    ['no connection', { ...before, code: 'ESOCKET', syscall: 'connect' }, 'unreachable'],
    ['no greeting', { ...before, code: 'ETIMEDOUT' }, 'unreachable'],
    ['a greeting of 421', { ...before, code: 'EPROTOCOL', responseCode: 421 }, 'unreachable'],
    ['a bad certificate', { ...before, code: 'ETLS' }, 'unreachable'],
    ['a wrong password', { ...before, code: 'EAUTH', responseCode: 535 }, 'unreachable'],
    ['a folder nobody may write to', { code: 'EACCES', syscall: 'mkdir' }, 'unreachable'],
    ['silence in the letter', { ...within, code: 'ETIMEDOUT' }, 'interrupted'],
    ['a connection lost in the letter', { ...within, code: 'ECONNECTION', syscall: 'read' }, 'interrupted'],
    ['421 in the letter', { ...within, code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421 }, 'interrupted'],
    [
      'a domain it does not relay to',
      { ...within, code: 'EENVELOPE', command: 'RCPT TO', responseCode: 454 },
      'deferred',
    ],
    ['a password asked for', { ...within, code: 'EENVELOPE', command: 'RCPT TO', responseCode: 530 }, 'interrupted'],
    ['a sender refused', { ...within, code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553 }, 'interrupted'],
    ['a recipient put off', { ...within, code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451 }, 'deferred'],
    ['a letter put off', { ...within, code: 'EMESSAGE', command: 'DATA', responseCode: 452 }, 'deferred'],
    ['a recipient refused', { ...within, code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }, 'refused'],
    ['a letter refused', { ...within, code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'refused'],
    ['an address that is none', { ...within, code: 'EENVELOPE', command: 'API' }, 'refused'],
    ['no text for the mail', {}, 'broken'],
    ['a library that could not compose it', { code: 'EFILEACCESS' }, 'broken'],
  ])('is judged by whom it concerns: %s', (_, codes, kind) => {
    expect(failureOf(withCodes(codes)).kind).toBe(kind);
  });

  it('that is no error at all is ours', () => {
    expect(failureOf('ann@example.com')).toEqual({ kind: 'broken', reason: 'unknown' });
  });
});
