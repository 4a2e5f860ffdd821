import { type OutboundClient, OutboundFailed, type OutboundRequest } from '../network/outbound/outbound-client';
import { lostRequest } from './sms-failure';

/**
 * Posts, and goes nowhere else: a redirect is an answer as any other. What is said behind the status may be too long or break
 * off; then it is nothing. Throws NotTaken when there is no answer.
 */
export async function post(
  outbound: OutboundClient,
  url: string,
  request: Omit<OutboundRequest, 'method'>,
): Promise<Response> {
  try {
    return await outbound.fetch(url, { ...request, method: 'POST' });
  } catch (error) {
    if (error instanceof OutboundFailed && error.status !== null) return new Response(null, { status: error.status });
    throw lostRequest(error);
  }
}

/** Who takes a message need not say more. */
export const isRefusal = (status: number): boolean => status < 200 || status >= 300;

/** An answer as JSON; null when it is none. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
