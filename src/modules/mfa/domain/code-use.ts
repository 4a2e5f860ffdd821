/** What a code is shown for. One that was sent for one use is worth nothing for another (NIST 800-63B, 3.1.3.2). */
export type CodeUse =
  | { readonly kind: 'challenge'; readonly id: string }
  | { readonly kind: 'session'; readonly id: string }
  /** To confirm a factor that is being set up. */
  | { readonly kind: 'factor'; readonly id: string };

/** As it is kept beside the code. */
export function boundTo({ kind, id }: CodeUse): string {
  return `${kind}:${id}`;
}
