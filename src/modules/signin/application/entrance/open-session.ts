import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { IdentityFacade } from '../../../identity/identity.facade';
import { type ClientTraits, type Granted, type TokenPair, TokensFacade } from '../../../tokens/tokens.facade';
import type { Passed } from './gate';

export type Entrant = {
  readonly userId: UserId;
  readonly client: ClientTraits;
  /** RFC 8176: all that was proven. */
  readonly authenticationMethods: readonly string[];
};

/** Lets a user in who passed the gate. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tokens: TokensFacade,
  ) {}

  /** The session of it, and on record in the account that its user signed in. Within the caller's unit of work. */
  async execute({ membership, issue }: Passed, { userId, client, authenticationMethods }: Entrant): Promise<Granted> {
    await this.identity.noteSignIn(userId);
    const { securityStamp, deviceTrusted } = issue;
    const { tenant, secondFactorDemanded } = membership;
    return this.tokens.startSession({
      userId,
      tenantId: tenant.id,
      securityStamp,
      grants: membership,
      authenticationMethods,
      deviceTrusted,
      secondFactorDemanded,
      maxDays: tenant.sessionMaxDays,
      client,
    });
  }

  /** Its tokens. Not within a unit of work. */
  issue(granted: Granted): Promise<TokenPair> {
    return this.tokens.issue(granted);
  }
}
