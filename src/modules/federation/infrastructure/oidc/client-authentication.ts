import { type ClientAuth, ClientSecretPost, type ServerMetadata } from 'openid-client';

/** How an issuer is shown that it is us (RFC 6749, 2.3.1): by the header, unless it knows of the form alone. */
export function clientAuthentication(
  { token_endpoint_auth_methods_supported: known }: ServerMetadata,
  secret: string,
): ClientAuth {
  const isFormAlone = known?.includes('client_secret_basic') === false && known.includes('client_secret_post');
  return isFormAlone ? ClientSecretPost(secret) : secretInHeader(secret);
}

/**
 * As the package does, but with the letters left alone that forms leave alone. Some issuers decode nothing, and most
 * secrets have only such.
 */
function secretInHeader(secret: string): ClientAuth {
  return (_, { client_id: id }, __, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${coded(id)}:${coded(secret)}`).toString('base64')}`);
  };
}

/** application/x-www-form-urlencoded (RFC 6749, appendix B). */
const coded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
