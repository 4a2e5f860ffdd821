declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<'UserId'>;
export type TenantId = Branded<'TenantId'>;
export type RoleId = Branded<'RoleId'>;
export type SessionId = Branded<'SessionId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a UUID in its canonical form (RFC 9562), of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

function uuid(text: string, what: string): string {
  if (!isUuid(text)) throw new TypeError(`Not the id of a ${what}`);
  return text.toLowerCase();
}

/** Text becomes an id here and nowhere else. Throws TypeError when it is no UUID. */
export const userId = (text: string): UserId => uuid(text, 'user') as UserId;
export const tenantId = (text: string): TenantId => uuid(text, 'tenant') as TenantId;
export const roleId = (text: string): RoleId => uuid(text, 'role') as RoleId;
export const sessionId = (text: string): SessionId => uuid(text, 'session') as SessionId;
