import { OutboundFailed } from '../../../../platform/network/outbound/outbound-client';
import { ProviderAnswerRefused, ProviderUnavailable } from '../../domain/errors';
import { emailTold, nameTold, textTold } from '../told';

type Json = Readonly<Record<string, unknown>>;

export type GithubUser = {
  readonly subject: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
};

const ERROR = /^[a-z_]{1,40}$/;

/** The body of an answer of status 200. Throws OutboundFailed for any other. */
export async function bodyOf(answer: Response): Promise<unknown> {
  if (answer.status !== 200) throw new OutboundFailed(`HTTP_${answer.status}`, answer.status);
  try {
    return await answer.json();
  } catch {
    throw new OutboundFailed('NOT_JSON', answer.status);
  }
}

/** GitHub answers with 200 whether it gives a token or not. Throws ProviderAnswerRefused, ProviderUnavailable. */
export function tokensIn(body: unknown): Json & { readonly access_token: string } {
  const { error, ...tokens } = objectOf(body);
  if (error === 'bad_verification_code') throw new ProviderAnswerRefused('code_refused');
  // Of the user: no address of theirs is verified there. All else is wrong with our client.
  if (error === 'unverified_user_email') throw new ProviderAnswerRefused('email_not_verified');
  if (error !== undefined)
    throw new ProviderUnavailable(typeof error === 'string' && ERROR.test(error) ? error : 'REFUSED');
  const accessToken = textTold(tokens['access_token']);
  if (accessToken === null) throw new ProviderUnavailable('NO_TOKEN');
  return { ...tokens, access_token: accessToken };
}

/** By its number: names of accounts are given up, and taken by others. Throws ProviderUnavailable. */
export function userIn(body: unknown): GithubUser {
  const { id, name } = objectOf(body);
  if (!Number.isSafeInteger(id)) throw new ProviderUnavailable('NO_USER');
  // There is one field for the whole name: its last word is as good a guess as any.
  const words = typeof name === 'string' ? name.trim().split(/\s+/) : [];
  const last = words.length > 1 ? words.pop() : null;
  return { subject: String(id), firstName: nameTold(words.join(' ')), lastName: nameTold(last) };
}

/** The address GitHub writes to, if its owner has shown that it is theirs. Throws ProviderUnavailable. */
export function primaryEmailIn(body: unknown): string | null {
  if (!Array.isArray(body)) throw new ProviderUnavailable('NO_ADDRESSES');
  const primary = body.map(objectOf).find((entry) => entry['primary'] === true && entry['verified'] === true);
  return emailTold(primary?.['email']);
}

function objectOf(body: unknown): Json {
  if (typeof body !== 'object' || body === null) throw new ProviderUnavailable('NOT_AS_DOCUMENTED');
  return body as Json;
}
