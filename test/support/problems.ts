import type { Answer } from './client';

const FIELDS = ['detail', 'documentation_url', 'error_code', 'request_id', 'status', 'timestamp', 'title', 'type'];

/** Holds an answer to the one shape of every error (RFC 9457 and the contract). */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.error_code }).toEqual({ status, code });
  expectProblemShape(answer);
}

export function expectProblemShape(answer: Answer): void {
  const { body, headers, status } = answer;
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const fields = Object.keys(body).filter((field) => field !== 'errors');
  expect(fields.sort()).toEqual(FIELDS);
  expect(body.status).toBe(status);
  expect(body.type).toBe(body.documentation_url);
  expect(headers.get('x-request-id')).toBe(body.request_id);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(status === 422).toBe('errors' in body);
  if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
  if (status === 503 || status === 429) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.text).not.toMatch(/node_modules|at \w+ \(|SELECT |INSERT /);
}

/** What is left of an answer when the parts that differ by nature are masked. */
export function masked(answer: Answer): unknown {
  const { request_id: _id, timestamp: _timestamp, ...rest } = answer.body;
  return { status: answer.status, rest, challenge: answer.headers.get('www-authenticate') };
}
