import { CredentialsAmbiguous } from '../kernel/domain-error';
import type { DoorwardRequest } from '../platform/http/request';

export type PresentedCredential = 'none' | 'access_token' | 'api_key';

const API_KEY = /^bearer\s+dw_/i;

/** Which one credential a request carries. Throws CredentialsAmbiguous when there are two. */
export function presentedCredential({ headers, raw }: DoorwardRequest): PresentedCredential {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (valuesOf('authorization', raw.rawHeaders).size > 1) throw new CredentialsAmbiguous();
  if (valuesOf('x-api-key', raw.rawHeaders).size > 1) throw new CredentialsAmbiguous();
  if (apiKey !== undefined && authorization !== undefined && !isSame(authorization, apiKey))
    throw new CredentialsAmbiguous();
  if (apiKey !== undefined) return 'api_key';
  if (authorization === undefined) return 'none';
  return API_KEY.test(authorization) ? 'api_key' : 'access_token';
}

/** One key in both its headers is one credential. */
function isSame(authorization: string, apiKey: string | string[]): boolean {
  return API_KEY.test(authorization) && authorization.replace(/^bearer\s+/i, '') === apiKey;
}

/** Of a header that is sent twice Node keeps the first and says nothing, or joins the two. */
function valuesOf(name: string, rawHeaders: readonly string[]): ReadonlySet<string> {
  const isName = (text: string, at: number): boolean => at % 2 === 0 && text.toLowerCase() === name;
  return new Set(rawHeaders.flatMap((text, at) => (isName(text, at) ? (rawHeaders[at + 1] ?? []) : [])));
}
