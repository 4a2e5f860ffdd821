import { Injectable } from '@nestjs/common';
import { EventLog } from '../../../platform/events/event-log';
import type { Rotation, SessionState } from '../domain/session';
import {
  usedOnNewDevice,
  refreshRefused,
  reuseDetected,
  sessionRevoked,
  tokenRefreshed,
  tokenRepeated,
} from '../tokens.events';
import type { ClientTraits } from './sessions/devices.port';
import { SecurityNotices } from './sessions/security-notices';

type Granted = Extract<Rotation, { kind: 'rotated' | 'repeated' }>;

/** Puts on record what became of a refresh token, within the unit of work that decided it. */
@Injectable()
export class RotationRecord {
  constructor(
    private readonly events: EventLog,
    private readonly notices: SecurityNotices,
  ) {}

  async granted(session: SessionState, { kind, onNewDevice }: Granted): Promise<void> {
    await this.events.append(kind === 'rotated' ? tokenRefreshed(session) : tokenRepeated(session));
    if (onNewDevice) await this.events.append(usedOnNewDevice(session, 'success'));
  }

  async refused(session: SessionState, reason: string): Promise<void> {
    if (reason === 'new_device') await this.events.append(usedOnNewDevice(session, 'failure'));
    await this.events.append(refreshRefused(session, reason));
  }

  /** It is in two hands: the session is over, and its user is told where the spent token came back from. */
  async reused(session: SessionState, client: ClientTraits, now: Date): Promise<void> {
    await this.events.append(reuseDetected(session));
    await this.events.append(sessionRevoked(session, 'token_reuse'));
    await this.notices.sessionEndedByReuse(session, client, now);
  }
}
