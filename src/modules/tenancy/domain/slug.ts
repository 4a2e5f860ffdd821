import { isUuid } from '../../../kernel/ids';

const MAX_LENGTH = 48;

/** A name as part of an address: lower-case letters, digits and single hyphens; `tenant` when nothing else is left. */
export function slugOf(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}+/gu, '');
  const slug = ascii
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug === '' || isUuid(slug) ? 'tenant' : slug;
}
