import type { ProvidersAnswer } from '../application/finish/ask-provider';

export type AnswerInQuery = { readonly state: string; readonly answer: ProvidersAnswer };

const STATE = /^[A-Za-z0-9_-]{43}$/;
/** VSCHAR of RFC 6749, appendix A. */
const VISIBLE = /^[\x20-\x7e]{1,4096}$/;

/**
 * What a provider sends by the browser (RFC 6749, 4.1.2; RFC 9207): a code, or an error. Providers add what they like, and
 * that is left alone. null for what no provider sends: no state of ours, both or none of the two, or one of them twice.
 */
export function answerIn(query: Readonly<Record<string, unknown>>): AnswerInQuery | null {
  const { state, code, error, iss } = query;
  if (typeof state !== 'string' || !STATE.test(state) || (iss !== undefined && !isVisible(iss))) return null;
  if (isVisible(code) && error === undefined) {
    return { state, answer: { kind: 'code', answer: { code, issuer: iss ?? null } } };
  }
  return isVisible(error) && code === undefined ? { state, answer: { kind: 'error', error } } : null;
}

function isVisible(value: unknown): value is string {
  return typeof value === 'string' && VISIBLE.test(value);
}
