import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { TotpSetup } from '../application/totp/set-up-totp';
import { CODE_MAX } from './factors.dto';

const NAME_MAX = 60;
/** Something to read, and nothing that is unseen or turns letters around. */
const NAME = /^(?=.*[\p{L}\p{N}\p{S}])[^\p{Cc}\p{Bidi_Control}]*$/u;
const NAME_RULE = 'Use a letter or a digit, and no control characters.';

export class SetUpTotpRequest {
  /**
   * What the app is to call this service. Colons become blanks: to the app they divide the name from the account.
   * @example "Acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(NAME_MAX)
  @Matches(NAME, { message: NAME_RULE })
  issuer?: string | null;

  /**
   * The same, where there is no `issuer`.
   * @example "Acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(NAME_MAX)
  @Matches(NAME, { message: NAME_RULE })
  app_name?: string | null;

  /** null: as this service is set up. */
  static issuerOf({ issuer = null, app_name: appName = null }: SetUpTotpRequest): string | null {
    return issuer ?? appName;
  }
}

/** What an authenticator app is set up with. Shown this once. */
export class SetUpTotpResponse {
  /**
   * 160 bits in base32.
   * @example "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
   */
  secret!: string;
  /**
   * The same, to be typed.
   * @example "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
   */
  manual_entry_key!: string;
  /** @example "otpauth://totp/Acme:ann%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme&algorithm=SHA1&digits=6&period=30" */
  otpauth_url!: string;
  /** The address as a picture: a PNG in a data URL. */
  qr_code_url!: string;
  /** The same as `qr_code_url`. */
  qr_code!: string;
  /**
   * Ten, each good once, in the place of the caller's old ones as soon as the app is confirmed. None where this service
   * offers no backup codes.
   * @example ["7f3k-9m2xq-04vwt", "c8z1-t5r0n-6hjpd"]
   */
  backup_codes!: string[];

  static from({ secret, manualEntryKey, otpauthUrl, qrCode, backupCodes }: TotpSetup): SetUpTotpResponse {
    return Object.assign(new SetUpTotpResponse(), {
      secret,
      manual_entry_key: manualEntryKey,
      otpauth_url: otpauthUrl,
      qr_code_url: qrCode,
      qr_code: qrCode,
      backup_codes: [...backupCodes],
    });
  }
}

export class VerifyTotpRequest {
  /**
   * What the app shows.
   * @example "123456"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  totp_code!: string;
}
