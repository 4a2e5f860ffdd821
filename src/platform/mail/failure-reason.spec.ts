import { SealBroken } from '../crypto/secret-box';
import { reasonOf } from './failure-reason';

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
