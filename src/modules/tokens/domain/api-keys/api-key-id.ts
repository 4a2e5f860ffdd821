/** `ak_` and a UUID without its dashes: told apart from every other id wherever it stands. */
export type ApiKeyId = `ak_${string}`;

const API_KEY_ID = /^ak_[0-9a-f]{32}$/;

export function isApiKeyId(text: string): text is ApiKeyId {
  return API_KEY_ID.test(text);
}

/** The id of a new key, from a UUID in its canonical form. Throws TypeError when it is none. */
export function apiKeyId(uuid: string): ApiKeyId {
  const id = `ak_${uuid.replaceAll('-', '')}`;
  if (!isApiKeyId(id)) throw new TypeError('Not a UUID to make the id of an API key from');
  return id;
}
