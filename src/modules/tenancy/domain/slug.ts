import { isUuid } from '../../../kernel/ids';

const MAX_LENGTH = 48;

/** What stands in an address: lower-case letters, digits, and single hyphens inside. */
export const SLUG = /^(?=.{2,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const SLUG_MAX = 63;

/** Words that mean something else where a tenant is named, or that make a tenant look like the service itself. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'about account accounts admin administrator all api app apps assets auth billing blog cdn config console current ' +
    'dashboard default docs doorward email favicon files ftp health help home host imap internal invitations legal ' +
    'localhost login logout mail me members metrics mfa new none null oauth official ping policy pop postmaster ' +
    'privacy public register robots roles root search security server service sessions settings signin signout ' +
    'signup smtp static status support suspended sysadmin system tenant tenants terms test token tokens undefined ' +
    'user users webmaster well-known www'
  ).split(' '),
);

/** Whether a tenant may be called so. What looks like an id would be taken for one. */
export function isSlug(text: string): boolean {
  return SLUG.test(text) && !isUuid(text) && !RESERVED.has(text);
}

/** A name as part of an address: lower-case letters, digits and single hyphens; `tenant` when less than two are left. */
export function slugOf(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}+/gu, '');
  const slug = ascii
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
  return SLUG.test(slug) && !isUuid(slug) ? slug : 'tenant';
}
