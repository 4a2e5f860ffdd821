import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { MfaFacade } from '../modules/mfa/mfa.facade';

/** What sessions are told that must show a second factor before anything else. */
@Injectable()
export class Confinement {
  constructor(private readonly mfa: MfaFacade) {}

  /** Why the caller may not go on where nothing leads to a second factor, or null. */
  async refusalOf({ confined, userId }: Principal): Promise<ErrorCode | null> {
    if (!confined) return null;
    return (await this.mfa.methodsOf(userId)).length > 0 ? 'MFA_REQUIRED' : 'MFA_ENROLMENT_REQUIRED';
  }
}
