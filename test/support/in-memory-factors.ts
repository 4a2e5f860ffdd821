import { DependencyUnavailable } from '../../src/kernel/domain-error';
import type { TenantId, UserId } from '../../src/kernel/ids';
import type {
  AskedCode,
  CodeToSend,
  CodeUse,
  FactorStanding,
  FactorType,
  FactorVerdict,
  Method,
  MfaFacade,
  PreparedCode,
  TypedCode,
} from '../../src/modules/mfa/mfa.facade';
import type { DeviceHolder, TrustedDevicesFacade } from '../../src/modules/mfa/trusted-devices.facade';

/** What any factor here is shown by; it is not used up, so whatever happens once does so for another reason. */
export const RIGHT_CODE = '271828';
export const WRONG_CODE = '000000';

const AMR: Readonly<Record<Method, readonly string[]>> = {
  totp: ['otp', 'mfa'],
  sms: ['sms', 'mfa'],
  email: ['otp', 'mfa'],
  backup_codes: ['otp', 'mfa'],
};

/** Second factors as the sign-in flows see them, kept in this process. */
export class InMemoryFactors implements Pick<MfaFacade, keyof MfaFacade> {
  readonly sent: CodeToSend[] = [];
  /** How many codes were asked for, sent or not. */
  asked = 0;
  /** Whether nobody can count how many codes were sent. */
  isAway = false;
  /** The codes that were compared, and for what. */
  readonly proven: { readonly code: string; readonly use: CodeUse }[] = [];
  /** How many were compared in the slow way. */
  prepared = 0;
  private readonly standings = new Map<UserId, FactorStanding>();
  private readonly waits = new Map<UserId, number>();

  /** `methods`: what may be shown now; none: all is held or stopped. */
  enrol(user: UserId, methods: readonly Method[] = ['totp', 'backup_codes']): void {
    this.standings.set(user, { enrolled: true, methods });
  }

  /** Too many codes of the user were wrong: nothing is compared for so long. */
  stop(user: UserId, seconds: number): void {
    this.waits.set(user, seconds);
  }

  async methodsOf(user: UserId): Promise<readonly FactorType[]> {
    const { methods } = await this.standingOf(user);
    return methods.filter((method): method is FactorType => method !== 'backup_codes');
  }

  standingOf(user: UserId): Promise<FactorStanding> {
    return Promise.resolve(this.standings.get(user) ?? { enrolled: false, methods: [] });
  }

  prepare(userId: UserId, typed: TypedCode): Promise<PreparedCode> {
    this.prepared += 1;
    return Promise.resolve({ ...typed, userId, backupCodeId: null });
  }

  async prove({ userId, method, code }: PreparedCode, use: CodeUse): Promise<FactorVerdict> {
    const retryAfterSeconds = this.waits.get(userId);
    if (retryAfterSeconds !== undefined) return { kind: 'too_many', retryAfterSeconds };
    this.proven.push({ code, use });
    const { methods } = await this.standingOf(userId);
    if (method === null || !methods.includes(method)) return { kind: 'wrong', reason: 'not_enrolled' };
    if (code !== RIGHT_CODE) return { kind: 'wrong', reason: 'code_wrong' };
    return { kind: 'proven', method, amr: AMR[method] };
  }

  ask(code: CodeToSend): Promise<AskedCode> {
    this.asked += 1;
    if (this.isAway) return Promise.reject(new DependencyUnavailable());
    return Promise.resolve({ code, target: null, isAllowed: true });
  }

  post({ code, isAllowed }: AskedCode): Promise<void> {
    if (isAllowed) this.sent.push(code);
    return Promise.resolve();
  }

  async send(code: CodeToSend): Promise<void> {
    await this.post(await this.ask(code));
  }

  removeAll(user: UserId): Promise<number> {
    return Promise.resolve(this.standings.delete(user) ? 1 : 0);
  }
}

/** Trusted devices, kept in this process. */
export class InMemoryTrustedDevices implements Pick<TrustedDevicesFacade, keyof TrustedDevicesFacade> {
  /** Which tokens were asked about. */
  readonly asked: (string | null)[] = [];
  private readonly trusted = new Set<string>();

  recognise(holder: DeviceHolder, deviceToken: string | null): Promise<boolean> {
    this.asked.push(deviceToken);
    return Promise.resolve(deviceToken !== null && this.trusted.has(keyOf(holder, deviceToken)));
  }

  trust(holder: DeviceHolder, deviceToken: string): Promise<void> {
    this.trusted.add(keyOf(holder, deviceToken));
    return Promise.resolve();
  }

  get size(): number {
    return this.trusted.size;
  }
}

function keyOf({ userId, tenantId, securityStamp }: DeviceHolder, deviceToken: string): string {
  const names: readonly (string | UserId | TenantId)[] = [userId, tenantId, securityStamp, deviceToken];
  return names.join(' ');
}
