import type { ProviderSettings } from '../../../../platform/config/settings';
import { ProviderAnswerRefused } from '../../domain/errors';
import type { ProvenIdentity } from '../../domain/proven-identity';
import { emailTold, isSubject, nameTold } from '../told';

export type Claims = Readonly<Record<string, unknown>>;

/** Addresses Google itself gives out. */
const GOOGLE_MAIL = /@(?:gmail|googlemail)\.com$/i;

/**
 * Who it is, by the claims of an ID token and of the userinfo endpoint. An address and whether it is verified are of the
 * same of the two. Throws ProviderAnswerRefused.
 */
export function provenByClaims(provider: ProviderSettings, idToken: Claims, userinfo: Claims = {}): ProvenIdentity {
  const { sub } = idToken;
  if (!isSubject(sub)) throw new ProviderAnswerRefused('no_subject');
  const { email: said, email_verified: verified } = idToken['email'] === undefined ? userinfo : idToken;
  const email = emailTold(said);
  return {
    issuer: provider.issuer,
    subject: sub,
    email,
    emailProven: email !== null && (verified === true || verified === 'true') && isTrusted(provider, email, idToken),
    firstName: nameTold(idToken['given_name'] ?? userinfo['given_name']),
    lastName: nameTold(idToken['family_name'] ?? userinfo['family_name']),
  };
}

/**
 * Whether the provider's word is taken for it that the address is still the user's. Google's own rule: of Gmail, and of an
 * organisation it keeps accounts for (`hd`), it knows; of any other address it knew once.
 */
function isTrusted({ kind, trustEmail }: ProviderSettings, email: string, { hd }: Claims): boolean {
  if (kind !== 'google') return trustEmail;
  return GOOGLE_MAIL.test(email) || (typeof hd === 'string' && hd !== '');
}
