import { domainToASCII } from 'node:url';

/** What the writing of domains is made of; anything else the conversion below would cut off or decode. */
const LETTERS = /^[\p{L}\p{M}\p{N}.-]{1,253}$/u;
/** RFC 1123, 2.1: labels of up to 63 letters, digits and hyphens, two of them at least, and no address of digits. */
const ASCII_DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** The one spelling of a domain, in lower case and its own letters as `xn--` (RFC 5890); null for text that is none. */
export function asciiDomain(text: string): string | null {
  const domain = LETTERS.test(text) ? domainToASCII(text) : '';
  return ASCII_DOMAIN.test(domain) ? domain : null;
}

/** The domain of an e-mail address, likewise. */
export function asciiDomainOf(address: string): string | null {
  return asciiDomain(address.slice(address.lastIndexOf('@') + 1));
}
