import { randomBytes } from 'node:crypto';
import { CredentialsAmbiguous } from '../kernel/domain-error';
import type { DoorwardRequest } from '../platform/http/request';
import { presentedCredential } from './credentials';

const KEY = `dw_live_${randomBytes(32).toString('hex')}`;
const TOKEN = ['header', 'claims', 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');

const aRequest = (headers: DoorwardRequest['headers'] = {}, rawHeaders: readonly string[] = []): DoorwardRequest => ({
  headers,
  raw: { rawHeaders },
});

describe('the credential of a request', () => {
  it.each([
    ['nothing', {}, 'none'],
    ['a cookie', { cookie: 'dw_refresh=x' }, 'none'],
    ['an access token', { authorization: `Bearer ${TOKEN}` }, 'access_token'],
    ['an access token, its scheme in small letters', { authorization: `bearer ${TOKEN}` }, 'access_token'],
    ['a scheme nobody knows', { authorization: 'Basic YW5uOng=' }, 'access_token'],
    ['an empty header', { authorization: '' }, 'access_token'],
    ['a key in its own header', { 'x-api-key': KEY }, 'api_key'],
    ['an empty header for a key', { 'x-api-key': '' }, 'api_key'],
    ['a key as bearer', { authorization: `Bearer ${KEY}` }, 'api_key'],
    ['a key as bearer, its scheme in capitals', { authorization: `BEARER ${KEY}` }, 'api_key'],
    ['a key as bearer after two blanks', { authorization: `Bearer  ${KEY}` }, 'api_key'],
    ['a refresh token as bearer', { authorization: 'Bearer dwrt_x' }, 'access_token'],
  ] as const)('is told from %s', (_, headers, credential) => {
    expect(presentedCredential(aRequest(headers))).toBe(credential);
  });

  it.each([
    ['an access token and a key', { authorization: `Bearer ${TOKEN}`, 'x-api-key': KEY }],
    ['two different keys', { authorization: 'Bearer dw_live_other', 'x-api-key': KEY }],
    ['a key and a scheme nobody knows', { authorization: 'Basic YW5uOng=', 'x-api-key': KEY }],
  ])('is refused when there are two: %s', (_, headers) => {
    expect(() => presentedCredential(aRequest(headers))).toThrow(CredentialsAmbiguous);
  });

  it('is refused when the header is sent twice with different words, of which the server would show us the first', () => {
    const twice = ['Host', 'x', 'Authorization', `Bearer ${TOKEN}`, 'authorization', 'Bearer another'];
    expect(() => presentedCredential(aRequest({ authorization: `Bearer ${TOKEN}` }, twice))).toThrow(
      CredentialsAmbiguous,
    );
  });

  it('is one when the header is sent twice with the same words', () => {
    const twice = ['Authorization', `Bearer ${TOKEN}`, 'authorization', `Bearer ${TOKEN}`];
    expect(presentedCredential(aRequest({ authorization: `Bearer ${TOKEN}` }, twice))).toBe('access_token');
  });
});
