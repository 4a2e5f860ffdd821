import type { SessionId, TenantId, UserId } from '../../../kernel/ids';
import { isNamedTarget } from './redirect-target';

/** Who asks that an identity be linked to their account. */
export type Linker = { readonly userId: UserId; readonly sessionId: SessionId; readonly tenantId: TenantId };

/** A sign-in that waits for the answer of an identity provider: everything that is persisted, and nothing else. */
export type Transaction = {
  readonly id: string;
  /** SHA-256 of what comes back with the answer. */
  readonly stateHash: Uint8Array;
  /** SHA-256 of what the browser keeps that began it. */
  readonly browserHash: Uint8Array;
  /** Of which provider's answer it is, and of no other's (OA-06). */
  readonly provider: string;
  /** Who was told where to go: a browser, which went there at once, or a program, which keeps the state. */
  readonly kind: TransactionKind;
  readonly secrets: TransactionSecrets;
  /** null: nowhere; a page says how it went. */
  readonly redirectUri: string | null;
  /** What was asked for: id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  /** null: somebody signs in. */
  readonly link: Linker | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

export type TransactionKind = 'browser' | 'api';

export type TransactionSecrets = {
  readonly nonce: string;
  readonly codeVerifier: string;
  /** What the browser showed as a device: it does not show it to whoever comes from another site. */
  readonly deviceToken: string | null;
};

/** Ten minutes (OA-01). */
export const TRANSACTION_SECONDS = 600;

/** By what an answer came, and what came with it. */
export type Bearer = {
  readonly by: 'redirect' | 'post';
  /** SHA-256 of what the browser showed; null: nothing. */
  readonly browserHash: Uint8Array | null;
  /** Whether it is a browser that posts: it has a cookie to show. */
  readonly isBrowser: boolean;
};

export type Reception =
  | { readonly kind: 'received' }
  /** The code goes to the application, which alone has the state. */
  | { readonly kind: 'handed_over'; readonly redirectUri: string }
  | { readonly kind: 'refused'; readonly reason: 'expired' | 'other_browser' | 'target_not_named' };

const OTHER_BROWSER = { kind: 'refused', reason: 'other_browser' } as const;
const TARGET_NOT_NAMED = { kind: 'refused', reason: 'target_not_named' } as const;

/**
 * Whether an answer is taken from whoever brings it. Only the browser that began the sign-in ends it, so that nobody is signed
 * in as somebody else by a link (RFC 9700, 4.7). A program without cookies ends its own by the state, which no address that
 * comes back to it holds; its half goes to an address that the settings name as a whole, and to no other.
 */
export function receptionOf(
  transaction: Transaction,
  { by, browserHash, isBrowser }: Bearer,
  { now, targets }: { readonly now: Date; readonly targets: readonly string[] },
): Reception {
  const { kind, redirectUri, expiresAt } = transaction;
  if (now >= expiresAt) return { kind: 'refused', reason: 'expired' };
  if (browserHash !== null && isSame(browserHash, transaction.browserHash)) return { kind: 'received' };
  if (kind === 'browser') return OTHER_BROWSER;
  if (by === 'post') return isBrowser ? OTHER_BROWSER : { kind: 'received' };
  if (redirectUri === null) return OTHER_BROWSER;
  return isNamedTarget(redirectUri, targets) ? { kind: 'handed_over', redirectUri } : TARGET_NOT_NAMED;
}

/** In equal time. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (const [at, byte] of one.entries()) difference |= byte ^ (other[at] ?? 0);
  return difference === 0;
}
