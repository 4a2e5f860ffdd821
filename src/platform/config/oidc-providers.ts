import { isCallableUrl } from './formats';
import type { ProviderSettings } from './settings';

/** For whoever wrote it otherwise. */
export const PROVIDER_SHAPE =
  '{"id", "name", "issuer", "client_id", "client_secret", "scopes", "trust_email"}, each id once, not one that is set elsewhere, and not links, callback or providers';

/** What paths beside those of the providers are called: /auth/oauth/links. */
const RESERVED = ['links', 'callback', 'providers'];
const ID = /^[a-z][a-z0-9_-]{0,31}$/;
/** RFC 6749, 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
const DEFAULT_SCOPES = ['openid', 'email', 'profile'];
const FIELDS = ['id', 'name', 'issuer', 'client_id', 'client_secret', 'scopes', 'trust_email'];

/** The issuers of OIDC_PROVIDERS; null when the text does not say what they need, or says something else. */
export function providersIn(text: string): readonly ProviderSettings[] | null {
  const entries = parsed(text);
  if (!Array.isArray(entries)) return null;
  const providers = entries.map(providerOf);
  const sound = providers.filter((provider) => provider !== null);
  const isEachOnce = new Set(sound.map(({ id }) => id)).size === sound.length;
  return sound.length === providers.length && isEachOnce ? sound : null;
}

function providerOf(entry: unknown): ProviderSettings | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return null;
  if (Object.keys(entry).some((field) => !FIELDS.includes(field))) return null;
  const {
    id,
    name = id,
    issuer,
    client_id,
    client_secret,
    scopes,
    trust_email = false,
  } = entry as Record<string, unknown>;
  const scopeList = scopesOf(scopes);
  if (!isText(id) || !ID.test(id) || RESERVED.includes(id) || !isText(name) || !isText(issuer) || !isIssuer(issuer))
    return null;
  if (!isText(client_id) || !isText(client_secret) || scopeList === null || typeof trust_email !== 'boolean')
    return null;
  return Object.freeze({
    kind: 'oidc',
    id,
    name,
    issuer,
    clientId: client_id,
    clientSecret: client_secret,
    scopes: scopeList,
    trustEmail: trust_email,
  });
}

/** A list, or as RFC 6749 writes one: words between blanks. `openid` is always among them. */
function scopesOf(said: unknown): readonly string[] | null {
  const words: unknown =
    typeof said === 'string' ? said.split(' ').filter((word) => word !== '') : (said ?? DEFAULT_SCOPES);
  if (!Array.isArray(words) || !words.every((word) => isText(word) && SCOPE.test(word))) return null;
  return [...new Set(['openid', ...(words as string[])])];
}

/** OpenID Connect Discovery 1.0, 3: neither query nor fragment. */
function isIssuer(text: string): boolean {
  return isCallableUrl(text) && !/[?#]/.test(text);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 1000;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
