import {
  allowsDomain,
  changed,
  isForSystemAdministrators,
  networksFor,
  type TenantPolicy,
  type TenantPolicyChange,
} from './tenant-policy';

const POLICY: TenantPolicy = {
  refreshFromNewDevice: 'refuse',
  secondFactorRequired: false,
  secondFactorRequiredOf: ['owner', 'admin'],
  secondFactorAboveRisk: 50,
  passwordHistory: 5,
  mailName: 'Acme',
  mailSender: 'no-reply@acme.example',
  allowedEmailDomains: ['acme.example', 'acme.test'],
  sessionMaxDays: 7,
  ipAllowlist: ['203.0.113.0/24', '2001:db8:1::/48'],
  apiKeyMaxDays: 30,
  autoJoinProviders: ['google'],
  autoJoinRole: 'analyst',
};

const OTHER: TenantPolicy = {
  refreshFromNewDevice: 'allow',
  secondFactorRequired: true,
  secondFactorRequiredOf: ['viewer'],
  secondFactorAboveRisk: 100,
  passwordHistory: 24,
  mailName: 'Big Bank',
  mailSender: 'mail@bank.example',
  allowedEmailDomains: ['bank.example'],
  sessionMaxDays: 1,
  ipAllowlist: [],
  apiKeyMaxDays: 1,
  autoJoinProviders: ['keycloak', 'github'],
  autoJoinRole: null,
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
    [
      'more domains',
      { allowedEmailDomains: ['acme.example', 'a.test', 'b.test'] },
      { allowedEmailDomains: ['acme.example', 'a.test', 'b.test'] },
    ],
    [
      'no domain and no network',
      { allowedEmailDomains: [], ipAllowlist: [] },
      { allowedEmailDomains: [], ipAllowlist: [] },
    ],
    [
      'as many days as everywhere',
      { sessionMaxDays: null, apiKeyMaxDays: null },
      { sessionMaxDays: null, apiKeyMaxDays: null },
    ],
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
        allowedEmailDomains: undefined,
        sessionMaxDays: undefined,
        ipAllowlist: undefined,
        apiKeyMaxDays: undefined,
        autoJoinProviders: undefined,
        autoJoinRole: undefined,
      },
    ],
    ['it says what is so already', POLICY],
    ['it says so in another order', { secondFactorRequiredOf: ['admin', 'owner'] }],
    ['it names the same networks in another order', { ipAllowlist: ['2001:db8:1::/48', '203.0.113.0/24'] }],
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

  it('is for the tenant to decide, but for the address that mails come from and who joins on their own', () => {
    const fields = Object.keys(POLICY) as (keyof TenantPolicy)[];
    const without = { ...POLICY, autoJoinProviders: [] };
    const isTheirs = (field: keyof TenantPolicy): boolean =>
      isForSystemAdministrators(without, { ...without, [field]: OTHER[field] });
    expect(fields.filter(isTheirs)).toEqual(['mailSender', 'autoJoinProviders', 'autoJoinRole']);
  });

  it('names no further domain by itself where people join by them; fewer it may', () => {
    const naming = (...allowedEmailDomains: string[]): boolean =>
      isForSystemAdministrators(POLICY, { ...POLICY, allowedEmailDomains });
    expect([naming('acme.example', 'acme.test', 'bank.example'), naming('bank.example')]).toEqual([true, true]);
    expect([naming('acme.test'), naming(), naming('acme.test', 'acme.example')]).toEqual([false, false, false]);
  });
});

describe('the domains of a policy', () => {
  it.each(['acme.example', 'acme.test'])('have %s among them', (domain) => {
    expect(allowsDomain(POLICY, domain)).toBe(true);
  });

  it.each(['', 'example', 'mail.acme.example', 'notacme.example', 'acme.example.test', 'bank.example'])(
    'do not have %j among them: a subdomain is a domain of its own',
    (domain) => {
      expect(allowsDomain(POLICY, domain)).toBe(false);
    },
  );

  it('are all there are where none is named', () => {
    expect(allowsDomain({ allowedEmailDomains: [] }, 'anything.test')).toBe(true);
  });
});

describe('the networks of a policy', () => {
  it('bind members, and no system administrator', () => {
    expect(networksFor(POLICY.ipAllowlist, false)).toEqual(POLICY.ipAllowlist);
    expect(networksFor(POLICY.ipAllowlist, true)).toEqual([]);
  });
});
