import { changed, isForSystemAdministrators, type TenantPolicy, type TenantPolicyChange } from './tenant-policy';

const POLICY: TenantPolicy = {
  refreshFromNewDevice: 'refuse',
  secondFactorRequired: false,
  secondFactorRequiredOf: ['owner', 'admin'],
  secondFactorAboveRisk: 50,
  passwordHistory: 5,
  mailName: 'Acme',
  mailSender: 'no-reply@acme.example',
};

const OTHER: TenantPolicy = {
  refreshFromNewDevice: 'allow',
  secondFactorRequired: true,
  secondFactorRequiredOf: ['viewer'],
  secondFactorAboveRisk: 100,
  passwordHistory: 24,
  mailName: 'Big Bank',
  mailSender: 'mail@bank.example',
};

describe('a changed policy of a tenant', () => {
  it.each<[string, TenantPolicyChange, Partial<TenantPolicy>]>([
    ['a number', { secondFactorAboveRisk: 1 }, { secondFactorAboveRisk: 1 }],
    ['nothing, where that is a decision', { secondFactorAboveRisk: null }, { secondFactorAboveRisk: null }],
    ['a word', { refreshFromNewDevice: 'allow' }, { refreshFromNewDevice: 'allow' }],
    ['yes', { secondFactorRequired: true }, { secondFactorRequired: true }],
    [
      'other roles, as many',
      { secondFactorRequiredOf: ['owner', 'viewer'] },
      { secondFactorRequiredOf: ['owner', 'viewer'] },
    ],
    ['fewer roles', { secondFactorRequiredOf: ['owner'] }, { secondFactorRequiredOf: ['owner'] }],
    ['no role', { secondFactorRequiredOf: [] }, { secondFactorRequiredOf: [] }],
    ['0, where that is a decision', { passwordHistory: 0 }, { passwordHistory: 0 }],
    ['another name', { mailName: 'Big Bank' }, { mailName: 'Big Bank' }],
    ['no name and no sender', { mailName: null, mailSender: null }, { mailName: null, mailSender: null }],
    ['everything at once', OTHER, OTHER],
  ])('is set to %s, and the rest stays', (_, change, different) => {
    const { policy, fields } = changed(POLICY, change);
    expect(policy).toEqual({ ...POLICY, ...different });
    expect(fields).toEqual(Object.keys(different));
  });

  it.each<[string, TenantPolicyChange]>([
    ['nothing is said', {}],
    [
      'fields are left out',
      {
        refreshFromNewDevice: undefined,
        secondFactorRequired: undefined,
        secondFactorRequiredOf: undefined,
        secondFactorAboveRisk: undefined,
        passwordHistory: undefined,
        mailName: undefined,
        mailSender: undefined,
      },
    ],
    ['it says what is so already', POLICY],
    ['it says so in another order', { secondFactorRequiredOf: ['admin', 'owner'] }],
  ])('stays as it is, with no field to name, when %s', (_, change) => {
    expect(changed(POLICY, change)).toEqual({ policy: POLICY, fields: [] });
  });

  it('goes from no threshold to one', () => {
    const none = { ...POLICY, secondFactorAboveRisk: null };
    expect(changed(none, { secondFactorAboveRisk: 100 })).toEqual({
      policy: { ...POLICY, secondFactorAboveRisk: 100 },
      fields: ['secondFactorAboveRisk'],
    });
    expect(changed(none, { secondFactorAboveRisk: null }).fields).toEqual([]);
  });

  it('is for the tenant to decide, but for the address that mails come from', () => {
    const fields = Object.keys(POLICY) as (keyof TenantPolicy)[];
    expect(fields.filter(isForSystemAdministrators)).toEqual(['mailSender']);
  });
});
