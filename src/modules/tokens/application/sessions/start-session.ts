import { Injectable } from '@nestjs/common';
import { sessionId, type TenantId, type UserId } from '../../../../kernel/ids';
import { TokenSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { assuranceOf, isConfined, Session } from '../../domain/session';
import { type ClientTraits, Devices } from './devices.port';
import { Sessions } from './sessions.port';
import type { Granted, Grants } from '../token-pairs';

export type SessionOpening = {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** The user's stamp at this moment: when the user gets another, the session is over. */
  readonly securityStamp: string;
  readonly grants: Grants;
  /** RFC 8176. */
  readonly authenticationMethods: readonly string[];
  /** Whether a trusted device stood in for the second factor, in that tenant. */
  readonly deviceTrusted: boolean;
  /** Whether the tenant demands a second factor of the user: without one the session is confined to what leads to it. */
  readonly secondFactorDemanded: boolean;
  /** How many days the tenant lets it go on; null: as many as the settings. */
  readonly maxDays: number | null;
  readonly client: ClientTraits;
};

/** Opens a session for somebody who has proven to be the user. Joins the caller's unit of work. */
@Injectable()
export class StartSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly devices: Devices,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  /** What the device of a client is known by in the session opened for it. */
  fingerprintOf(client: ClientTraits): string {
    return this.devices.fingerprint(client);
  }

  /** Its tokens are to be issued after the commit. The id is always a new one, whatever the client sent. */
  execute({
    grants,
    client,
    authenticationMethods,
    deviceTrusted,
    secondFactorDemanded,
    maxDays,
    ...opening
  }: SessionOpening): Promise<Granted> {
    const assurance = assuranceOf(authenticationMethods);
    const confined = isConfined(assurance, deviceTrusted, secondFactorDemanded);
    return this.work.run(async (now) => {
      const session = Session.start(
        {
          ...opening,
          id: sessionId(this.random.uuid(now)),
          secret: this.random.bytes(32),
          authenticationMethods: [...authenticationMethods],
          deviceTrustedIn: deviceTrusted ? opening.tenantId : null,
          deviceFingerprint: this.fingerprintOf(client),
          ipAddress: client.ipAddress,
          userAgent: client.userAgent,
        },
        this.settings.lifetimes[assurance],
        now,
        maxDays,
      );
      await this.sessions.add(session);
      return { session: session.snapshot(), grants, confined, at: now };
    });
  }
}
