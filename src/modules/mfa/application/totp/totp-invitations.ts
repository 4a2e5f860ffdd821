import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { IdentityFacade } from '../../../identity/identity.facade';
import { base32 } from '../../domain/base32';
import { MethodNotOffered } from '../../domain/errors';
import { Factor } from '../../domain/factor';
import { inGroups, otpauthUrl, SECRET_BYTES } from '../../domain/totp';
import { QrCodes } from './qr-codes.port';

/** A new secret, and the ways in which an app takes it. Shown once. */
export type TotpInvitation = {
  /** In base32. */
  readonly secret: string;
  /** The same, for people to type. */
  readonly manualEntryKey: string;
  readonly otpauthUrl: string;
  /** The address as a picture, a data URL. */
  readonly qrCode: string;
};

type NewSecret = { readonly bytes: Uint8Array; readonly shown: TotpInvitation };

const LABEL = 'Authenticator app';

/** Makes what an authenticator app is set up with. */
@Injectable()
export class TotpInvitations {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly qrCodes: QrCodes,
    private readonly random: Random,
    private readonly settings: MfaSettings,
  ) {}

  /**
   * `issuer`: what the app is to call this service; null: what it is called here. Throws MethodNotOffered, and NotFound
   * where there is no such user.
   */
  async make(id: UserId, issuer: string | null): Promise<NewSecret> {
    if (!this.settings.methods.includes('totp')) throw new MethodNotOffered();
    const user = await this.identity.users.find(id);
    if (!user) throw new NotFound();
    const bytes = this.random.bytes(SECRET_BYTES);
    const secret = base32(bytes);
    const url = otpauthUrl({ issuer: issuer ?? this.settings.issuer, account: user.email }, secret);
    const qrCode = await this.qrCodes.draw(url);
    return { bytes, shown: { secret, manualEntryKey: inGroups(secret), otpauthUrl: url, qrCode } };
  }

  /** The factor that such a secret becomes. */
  factorOf(userId: UserId, secret: Uint8Array, now: Date): Factor {
    return Factor.setUp({ id: this.random.uuid(now), userId, type: 'totp', label: LABEL, secret }, now);
  }
}
