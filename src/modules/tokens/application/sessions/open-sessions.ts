import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId } from '../../../../kernel/ids';
import { TokenSettings } from '../../../../platform/config/settings';
import type { RotationPolicy, Session } from '../../domain/session';
import { type ClientTraits, Devices } from './devices.port';
import { type LiveSession, LiveSessions } from './live-sessions.port';
import { RefreshTokenCodec } from '../refresh-token-codec.port';
import { Sessions } from './sessions.port';

/** Sessions for use: found by what their clients present, held, and with the rules they live by. */
@Injectable()
export class OpenSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly live: LiveSessions,
    private readonly codec: RefreshTokenCodec,
    private readonly devices: Devices,
    private readonly settings: TokenSettings,
  ) {}

  /** Takes the session within the caller's unit of work; null unless we issued this very token for it. */
  async takeByRefreshToken(
    presented: string,
  ): Promise<{ readonly session: Session; readonly generation: number } | null> {
    const token = this.codec.open(presented);
    const session = token && (await this.sessions.take(token.sessionId));
    if (!session || !this.codec.isAuthentic(token, session.snapshot())) return null;
    return { session, generation: token.generation };
  }

  /** Takes the session of an access token within the caller's unit of work. */
  take(id: SessionId): Promise<Session | null> {
    return this.sessions.take(id);
  }

  /** What it is worth in its active tenant; null unless session, user, tenant and membership are in force. */
  worthOf(session: Session, now: Date): Promise<LiveSession | null> {
    return this.worthIn(session.snapshot().tenantId, session, now);
  }

  /** As `worthOf`, in another tenant of its user. */
  worthIn(tenant: TenantId, session: Session, now: Date): Promise<LiveSession | null> {
    return this.live.find(session.snapshot().id, tenant, now);
  }

  fingerprintOf(client: ClientTraits): string {
    return this.devices.fingerprint(client);
  }

  /** By the settings and, as far as it is worth anything, by its tenant. */
  rotationPolicyOf(session: Session, worth: LiveSession | null): RotationPolicy {
    return {
      graceSeconds: this.settings.refreshGraceSeconds,
      idleSeconds: this.settings.lifetimes[session.snapshot().assurance].idleSeconds,
      newDevice: worth?.newDevice ?? 'allow',
      maxDays: worth?.maxDays ?? null,
    };
  }

  save(session: Session): Promise<void> {
    return this.sessions.save(session);
  }
}
