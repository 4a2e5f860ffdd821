import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { MfaFacade, type SentMethod } from '../../../mfa/mfa.facade';

/** Sends the user of a session a code that proves who they are in that session, and nowhere else. */
@Injectable()
export class SendStepUpCode {
  constructor(private readonly mfa: MfaFacade) {}

  /** Nobody is told whether one was sent. Throws DependencyUnavailable. */
  async execute({ userId, sessionId, tenantId }: Principal, method: SentMethod): Promise<void> {
    if (sessionId === null) return;
    await this.mfa.send({ userId, method, use: { kind: 'session', id: sessionId }, tenantId });
  }
}
