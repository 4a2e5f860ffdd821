/** Of what a tenant may have only so many at a time. */
export type Countable = 'users' | 'api_keys' | 'roles';

/** Of what a tenant may have only so much in a day, in UTC. */
export type Daily = 'requests' | 'mails' | 'sms';

/** What operators allow a tenant. null: as much as it likes. */
export type TenantLimits = {
  readonly maxUsers: number | null;
  readonly maxApiKeys: number | null;
  readonly maxRoles: number | null;
  readonly maxRequestsPerDay: number | null;
  readonly maxMailsPerDay: number | null;
  readonly maxSmsPerDay: number | null;
};

/** How much of each a tenant has. */
export type Holdings = Readonly<Record<Countable, number>>;
/** How much of each a tenant had today. */
export type Spent = Readonly<Record<Daily, number>>;

/** What is left out stays as it is. */
export type TenantLimitsChange = { readonly [Field in keyof TenantLimits]?: TenantLimits[Field] | undefined };

export const NO_LIMITS: TenantLimits = {
  maxUsers: null,
  maxApiKeys: null,
  maxRoles: null,
  maxRequestsPerDay: null,
  maxMailsPerDay: null,
  maxSmsPerDay: null,
};

const LIMITS: Readonly<Record<Countable | Daily, keyof TenantLimits>> = {
  users: 'maxUsers',
  api_keys: 'maxApiKeys',
  roles: 'maxRoles',
  requests: 'maxRequestsPerDay',
  mails: 'maxMailsPerDay',
  sms: 'maxSmsPerDay',
};

/** null: there is none. */
export function limitOf(limits: TenantLimits, what: Countable | Daily): number | null {
  return limits[LIMITS[what]];
}

/** Whether one more is beyond the limit. Who had more before a limit was lowered keeps it, and gets no more. */
export function isSpent(limit: number | null, used: number): boolean {
  return limit !== null && used >= limit;
}

/** The limits with the change in them, and the names of those that are different now. */
export function changedLimits(
  present: TenantLimits,
  change: TenantLimitsChange,
): { readonly limits: TenantLimits; readonly fields: readonly (keyof TenantLimits)[] } {
  const names = Object.keys(NO_LIMITS) as (keyof TenantLimits)[];
  const next = names.map((name) => [name, change[name] === undefined ? present[name] : change[name]] as const);
  const limits = Object.fromEntries(next) as TenantLimits;
  return { limits, fields: names.filter((name) => limits[name] !== present[name]) };
}
