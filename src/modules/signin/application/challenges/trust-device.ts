import { Injectable } from '@nestjs/common';
import { IdentityFacade } from '../../../identity/identity.facade';
import { LockoutFacade } from '../../../identity/lockout.facade';
import { TrustedDevicesFacade } from '../../../mfa/trusted-devices.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import type { ChallengeState } from '../../domain/challenge';

/** Gives a device that has shown a second factor what spares it from now on. Within the caller's unit of work. */
@Injectable()
export class TrustDevice {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly trusted: TrustedDevicesFacade,
  ) {}

  /** The token by which it is known and trusted, instead of the one it kept; null when there is no user any more. */
  async execute(
    challenge: ChallengeState,
    { ipAddress, userAgent }: ClientTraits,
    formerToken: string | null,
  ): Promise<string | null> {
    const { userId, tenantId, securityStamp, byUsername, deviceId } = challenge;
    const user = await this.identity.users.find(userId);
    if (!user) return null;
    // By the name it will sign in with the next time.
    const login = (byUsername ? user.username : null) ?? user.email;
    const token = this.lockouts.issueDeviceToken({ id: userId, securityStamp }, login, deviceId);
    await this.trusted.trust({ userId, tenantId, securityStamp }, token, { ipAddress, userAgent }, formerToken);
    return token;
  }
}
