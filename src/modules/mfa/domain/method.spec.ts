import { amrOf, METHODS } from './method';

/** https://www.iana.org/assignments/authentication-method-reference-values, as far as we say them. */
const REGISTERED = ['otp', 'sms', 'mfa'];

describe('what a proof is called in amr', () => {
  it.each(METHODS)('is registered, and says that it is one of several factors: %s', (method) => {
    const amr = amrOf(method);
    expect(amr).toContain('mfa');
    expect(amr.filter((value) => !REGISTERED.includes(value))).toEqual([]);
    expect(amr).toHaveLength(2);
  });

  it('tells a text message from other one-time codes: it can be diverted (NIST 800-63B, 3.1.3.3)', () => {
    expect(METHODS.filter((method) => amrOf(method).includes('sms'))).toEqual(['sms']);
  });
});
