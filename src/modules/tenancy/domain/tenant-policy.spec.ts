import { changed, type TenantPolicy, type TenantPolicyChange } from './tenant-policy';

const POLICY: TenantPolicy = { refreshFromNewDevice: 'refuse', secondFactorAboveRisk: 50 };

describe('a changed policy of a tenant', () => {
  it.each<[string, TenantPolicyChange, Partial<TenantPolicy>]>([
    ['a number', { secondFactorAboveRisk: 1 }, { secondFactorAboveRisk: 1 }],
    ['nothing, where that is a decision', { secondFactorAboveRisk: null }, { secondFactorAboveRisk: null }],
    ['a word', { refreshFromNewDevice: 'allow' }, { refreshFromNewDevice: 'allow' }],
    [
      'everything at once',
      { refreshFromNewDevice: 'allow', secondFactorAboveRisk: 100 },
      { refreshFromNewDevice: 'allow', secondFactorAboveRisk: 100 },
    ],
  ])('is set to %s, and the rest stays', (_, change, different) => {
    const { policy, fields } = changed(POLICY, change);
    expect(policy).toEqual({ ...POLICY, ...different });
    expect(fields).toEqual(Object.keys(different));
  });

  it.each<[string, TenantPolicyChange]>([
    ['nothing is said', {}],
    ['fields are left out', { refreshFromNewDevice: undefined, secondFactorAboveRisk: undefined }],
    ['it says what is so already', POLICY],
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
});
