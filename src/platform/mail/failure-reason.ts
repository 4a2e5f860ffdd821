import { types } from 'node:util';

const CODE = /^[A-Z0-9_]{1,40}$/;

/**
 * Why a mail was not sent, in codes alone (`EENVELOPE 550`): what mail servers say in words repeats the recipient, and
 * what libraries say may repeat the address of the server with its password.
 */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return 'unknown';
  const { code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  const name = typeof code === 'string' && CODE.test(code) ? code : error.constructor.name.slice(0, 40);
  return typeof responseCode === 'number' ? `${name} ${responseCode}` : name;
}
