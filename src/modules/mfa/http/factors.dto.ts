import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { TYPED_PASSWORD_MAX } from '../../identity/identity.facade';
import type { RemovalProof } from '../application/removal/remove-factors';
import type { FactorView } from '../application/standing/factor-queries';
import type { Overview } from '../application/standing/factor-overview';
import type { FactorType } from '../domain/method';

/** Above any code of ours, however it is grouped. What is no code is refused like one that is not right. */
export const CODE_MAX = 64;

/** What is proven before a factor goes. */
export class RemoveFactorsRequest {
  /** @example "correct horse battery staple" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password!: string;

  /**
   * Of any factor there is: six digits, or a backup code.
   * @example "123456"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  code!: string;

  static proofOf({ password, code }: RemoveFactorsRequest): RemovalProof {
    return { password, code };
  }
}

export class EnrolledResponse {
  /** @example true */
  enabled!: boolean;

  static yes(): EnrolledResponse {
    return Object.assign(new EnrolledResponse(), { enabled: true });
  }
}

export class FactorResponse {
  /** @example "totp" */
  type!: FactorType;
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /**
   * For people. Of a number no more than its country and last digits.
   * @example "Authenticator app"
   */
  label!: string;
  confirmed_at!: Date;
  last_used_at!: Date | null;

  static from({ type, id, label, confirmedAt, lastUsedAt }: FactorView): FactorResponse {
    return Object.assign(new FactorResponse(), {
      type,
      id,
      label,
      confirmed_at: confirmedAt,
      last_used_at: lastUsedAt,
    });
  }
}

export class FactorStatusResponse {
  /** Whether signing in asks for a second factor. */
  enabled!: boolean;
  methods!: FactorResponse[];
  /** @example 10 */
  backup_codes_remaining!: number;
  /** Whether a tenant of the caller demands a second factor. */
  required!: boolean;

  static from({ factors, backupCodesRemaining, required }: Overview): FactorStatusResponse {
    return Object.assign(new FactorStatusResponse(), {
      enabled: factors.length > 0,
      methods: factors.map((factor) => FactorResponse.from(factor)),
      backup_codes_remaining: backupCodesRemaining,
      required,
    });
  }
}

export class BackupCodesResponse {
  /**
   * Each is good once. Shown this once.
   * @example ["7f3k-9m2xq-04vwt", "c8z1-t5r0n-6hjpd"]
   */
  backup_codes!: string[];

  static from(codes: readonly string[]): BackupCodesResponse {
    return Object.assign(new BackupCodesResponse(), { backup_codes: [...codes] });
  }
}
