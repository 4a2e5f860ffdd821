import { nextStep } from './next-step';

const ADMITTED = { kind: 'admitted', securityStamp: 'stamp' } as const;
const DISABLED = { kind: 'refused', reason: 'disabled' } as const;

describe('what follows a right password', () => {
  it('is a session for an account in force in a tenant in force', () => {
    expect(nextStep('active', ADMITTED)).toEqual({ kind: 'issue', securityStamp: 'stamp' });
  });

  it.each([
    ['the tenant is suspended', 'suspended', ADMITTED, 'tenant_suspended'],
    ['the user is no member', 'not_a_member', ADMITTED, 'tenant_not_a_member'],
    ['the account is refused', 'active', DISABLED, 'disabled'],
    ['the account and the tenant are refused', 'suspended', DISABLED, 'tenant_suspended'],
  ] as const)('is a refusal with its true reason when %s', (_, tenant, account, reason) => {
    expect(nextStep(tenant, account)).toEqual({ kind: 'refuse', reason });
  });
});
