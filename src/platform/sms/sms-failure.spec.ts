import { SealBroken } from '../crypto/secret-box';
import { OutboundFailed, OutboundRefused } from '../network/outbound/outbound-client';
import type { FailureKind } from '../outbox/delivery-failure';
import { lostRequest, NotTaken, refusalOf, smsFailureOf } from './sms-failure';
import { twilioRefusalOf } from './twilio-sms';

describe('a request without an answer', () => {
  it.each<[string, FailureKind, string]>([
    ['nobody listens', 'unreachable', 'ECONNREFUSED'],
    ['no such host', 'unreachable', 'ENOTFOUND'],
    ['no connection in time', 'unreachable', 'UND_ERR_CONNECT_TIMEOUT'],
    ['a certificate of nobody', 'unreachable', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate of another', 'unreachable', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a connection lost', 'interrupted', 'ECONNRESET'],
    ['a connection closed', 'interrupted', 'UND_ERR_SOCKET'],
    ['no answer in time, though it may have been taken', 'interrupted', 'TIMEOUT'],
  ])('is judged by how far it came: %s', (_, kind, reason) => {
    expect(lostRequest(new OutboundFailed(reason))).toMatchObject({ kind, reason });
  });

  it('is held against no message where the service does not go', () => {
    const reason = 'ADDRESS_NOT_PUBLIC';
    expect(lostRequest(new OutboundRefused(reason))).toMatchObject({ kind: 'unreachable', reason });
  });

  it('is named by a code alone', () => {
    expect(lostRequest(Object.assign(new Error('+49170'), { code: 'https://user:pw@host' }))).toMatchObject({
      kind: 'interrupted',
      reason: 'Error',
    });
  });
});

describe('an answer that takes no message', () => {
  it.each<[number, FailureKind]>([
    [302, 'interrupted'],
    [400, 'refused'],
    [401, 'unreachable'],
    [403, 'interrupted'],
    [404, 'interrupted'],
    [408, 'interrupted'],
    [409, 'interrupted'],
    [413, 'refused'],
    [422, 'refused'],
    [429, 'interrupted'],
    [500, 'interrupted'],
    [503, 'interrupted'],
  ])('with %i is %s', (status, kind) => {
    expect(refusalOf(status)).toMatchObject({ kind, reason: `HTTP ${status}` });
  });

  it.each<[number, number, FailureKind]>([
    [400, 21_211, 'refused'],
    [400, 21_614, 'refused'],
    [400, 21_610, 'refused'],
    [400, 21_408, 'refused'],
    [403, 21_408, 'refused'],
    [429, 21_611, 'interrupted'],
    [400, 21_611, 'interrupted'],
    [400, 21_606, 'interrupted'],
    [400, 21_212, 'interrupted'],
    [400, 99_999, 'refused'],
    [401, 20_003, 'unreachable'],
    [403, 20_005, 'interrupted'],
    [404, 20_404, 'interrupted'],
    [429, 20_429, 'interrupted'],
    [500, 21_211, 'interrupted'],
  ])('of Twilio with %i and the code %i is %s', (status, code, kind) => {
    expect(twilioRefusalOf(status, code)).toMatchObject({ kind, reason: `TWILIO ${code}` });
  });

  it('of Twilio without a code is judged by its status', () => {
    expect(twilioRefusalOf(400, null)).toMatchObject({ kind: 'refused', reason: 'HTTP 400' });
    expect(twilioRefusalOf(503, null)).toMatchObject({ kind: 'interrupted', reason: 'HTTP 503' });
  });
});

describe('a text message that was not sent', () => {
  it.each<[string, unknown, FailureKind, string]>([
    ['a provider that did not take it', new NotTaken('refused', 'HTTP 422'), 'refused', 'HTTP 422'],
    [
      'a folder nobody may write to',
      Object.assign(new Error(), { code: 'EACCES', syscall: 'mkdir' }),
      'unreachable',
      'EACCES',
    ],
    ['a message nobody can open', new SealBroken('altered'), 'broken', 'SealBroken'],
    ['no error at all', '+491701234578', 'broken', 'unknown'],
  ])('is judged by whom it concerns: %s', (_, error, kind, reason) => {
    expect(smsFailureOf(error)).toEqual({ kind, reason });
  });
});
