import { type FactorStanding, isRisky, nextStep, type Standings, type TenantStanding } from './next-step';

const ADMITTED = { kind: 'admitted', securityStamp: 'stamp' } as const;
const DISABLED = { kind: 'refused', reason: 'disabled' } as const;
const PLAIN: Standings = {
  tenant: 'active',
  outside: false,
  account: ADMITTED,
  risky: false,
  factor: 'none',
  deviceTrusted: false,
};

const BOTH = [false, true];
const TENANTS: readonly TenantStanding[] = ['active', 'suspended', 'deleted', 'not_a_member'];
const FACTORS: readonly FactorStanding[] = ['none', 'enrolled', 'shown'];
/** Every sign-in there can be. */
const ALL: readonly Standings[] = TENANTS.flatMap((tenant) =>
  BOTH.flatMap((outside) =>
    [ADMITTED, DISABLED].flatMap((account) =>
      BOTH.flatMap((risky) =>
        FACTORS.flatMap((factor) =>
          BOTH.map((deviceTrusted) => ({ tenant, outside, account, risky, factor, deviceTrusted })),
        ),
      ),
    ),
  ),
);
const OPEN = ALL.filter(
  ({ tenant, outside, account }) => tenant === 'active' && !outside && account.kind === 'admitted',
);

describe('what follows a right first factor', () => {
  it('is looked at in every combination', () => {
    expect([ALL.length, OPEN.length]).toEqual([192, 12]);
  });

  it.each([
    ['the tenant is suspended', { tenant: 'suspended', account: ADMITTED }, 'tenant_suspended'],
    ['the user is no member', { tenant: 'not_a_member', account: ADMITTED }, 'tenant_not_a_member'],
    ['it comes from outside', { tenant: 'active', outside: true }, 'outside_networks'],
    ['the account is refused', { tenant: 'active', outside: false, account: DISABLED }, 'disabled'],
    ['the account and the tenant are refused', { tenant: 'suspended', account: DISABLED }, 'tenant_suspended'],
  ] as const)('is a refusal with its true reason when %s, whatever else there is', (_, given, reason) => {
    const wanted: Partial<Standings> = given;
    const isSo = (one: Standings): boolean =>
      Object.entries(wanted).every(([name, value]) => one[name as keyof Standings] === value);
    for (const standings of ALL.filter(isSo)) expect(nextStep(standings)).toEqual({ kind: 'refuse', reason });
  });

  it('is the second factor for whoever has one and has not shown it, but on a trusted device at no risk', () => {
    for (const standings of OPEN.filter(({ factor }) => factor === 'enrolled')) {
      const { risky, deviceTrusted } = standings;
      const spared = { kind: 'issue', securityStamp: 'stamp', deviceTrusted: true };
      const asked = { kind: 'second_factor', securityStamp: 'stamp' };
      expect([standings, nextStep(standings)]).toEqual([standings, deviceTrusted && !risky ? spared : asked]);
    }
  });

  it('is a session for whoever has shown it, in which no device stood in for it', () => {
    for (const standings of OPEN.filter(({ factor }) => factor === 'shown')) {
      const session = { kind: 'issue', securityStamp: 'stamp', deviceTrusted: false };
      expect([standings, nextStep(standings)]).toEqual([standings, session]);
    }
  });

  it('is a session for whoever has none, where the risk asks for none', () => {
    for (const standings of OPEN.filter(({ factor, risky }) => factor === 'none' && !risky)) {
      const session = { kind: 'issue', securityStamp: 'stamp', deviceTrusted: false };
      expect([standings, nextStep(standings)]).toEqual([standings, session]);
    }
  });

  it('is a refusal for whoever has none where the risk asks for one: a thief would enrol their own', () => {
    for (const standings of OPEN.filter(({ factor, risky }) => factor === 'none' && risky)) {
      expect(nextStep(standings)).toEqual({ kind: 'refuse', reason: 'second_factor_missing' });
    }
  });

  it('is a session only where tenant and account are open, and what was asked for was shown', () => {
    for (const standings of ALL) {
      const step = nextStep(standings);
      if (step.kind !== 'issue') continue;
      expect(OPEN).toContain(standings);
      const { factor, deviceTrusted, risky } = standings;
      const isSpared = !risky && (factor === 'none' || deviceTrusted);
      expect([standings, factor === 'shown' || isSpared]).toEqual([standings, true]);
    }
  });

  it('is no more for who asks from a device that is trusted, but has no factor', () => {
    expect(nextStep({ ...PLAIN, deviceTrusted: true })).toEqual(nextStep(PLAIN));
  });
});

describe('a risk', () => {
  it.each([
    [49, 50, false],
    [50, 50, true],
    [100, 50, true],
    [100, null, false],
    [0, null, false],
  ])('of %s asks for a second factor where that is wanted from %s on: %s', (score, above, risky) => {
    expect(isRisky(score, above)).toBe(risky);
  });
});
