import { type ProblemParts, problemOf } from './problem.dto';

const aProblem = (parts: Partial<ProblemParts> = {}) =>
  problemOf({
    code: 'TOKEN_EXPIRED',
    publicUrl: 'https://auth.example.com',
    requestId: 'request-1',
    at: new Date('2026-11-21T12:00:00Z'),
    ...parts,
  });

describe('a problem', () => {
  it('has the one shape of the contract', () => {
    expect(aProblem()).toEqual({
      type: 'https://auth.example.com/docs/errors#token-expired',
      title: 'Token has expired',
      status: 401,
      detail: 'Token has expired',
      error_code: 'TOKEN_EXPIRED',
      timestamp: '2026-11-21T12:00:00.000Z',
      documentation_url: 'https://auth.example.com/docs/errors#token-expired',
      request_id: 'request-1',
    });
  });

  it('tells the detail of the refusal where it has one', () => {
    expect(aProblem({ code: 'MALFORMED_REQUEST', detail: 'The body is not UTF-8.' })).toMatchObject({
      status: 400,
      detail: 'The body is not UTF-8.',
    });
  });

  it('helps everybody whose sign-in was refused alike, whatever the reason', () => {
    const { detail } = aProblem({ code: 'INVALID_CREDENTIALS' });

    expect(detail).toMatch(/wrong username or password/i);
    expect(detail).toMatch(/cannot sign in yet/i);
    expect(detail).toMatch(/mail we sent/i);
  });

  it('names each field that was refused, and of each no more than field, code and message', () => {
    const violation = { field: 'password', code: 'PASSWORD_TOO_SHORT', message: 'Longer.', value: 'typed' };

    expect(aProblem({ code: 'VALIDATION_FAILED', violations: [violation] })).toMatchObject({
      status: 422,
      errors: [{ field: 'password', code: 'PASSWORD_TOO_SHORT', message: 'Longer.' }],
    });
    expect(JSON.stringify(aProblem({ code: 'VALIDATION_FAILED', violations: [violation] }))).not.toContain('typed');
  });

  it('has no errors where no field was refused', () => {
    expect(aProblem()).not.toHaveProperty('errors');
  });
});
