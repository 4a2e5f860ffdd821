import { Injectable } from '@nestjs/common';
import type { SessionId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { LastSeen } from '../../application/sessions/last-seen.port';

type Sighting = { readonly at: Date; readonly ipAddress: string | null };

@Injectable()
export class BatchedLastSeen extends LastSeen {
  private noted = new Map<SessionId, Sighting>();

  constructor(private readonly database: Database) {
    super();
  }

  note(id: SessionId, ipAddress: string | null, at: Date): void {
    this.noted.set(id, { at, ipAddress });
  }

  /** Passes over sessions that somebody holds, which are being written anyway, and over those seen later elsewhere. */
  async write(): Promise<void> {
    const batch = [...this.noted];
    this.noted = new Map();
    if (batch.length === 0) return;
    await this.database.run(() =>
      this.database.acrossTenants.writer.query(
        `UPDATE sessions s SET last_seen_at = held.at, ip_address = COALESCE(held.ip_address, held.known_address)
         FROM (SELECT k.id, seen.at, seen.ip_address, k.ip_address AS known_address
               FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS seen (id, at, ip_address)
               JOIN sessions k ON k.id = seen.id
               WHERE k.revoked_at IS NULL AND seen.at > GREATEST(k.last_seen_at, k.rotated_at)
               ORDER BY k.id FOR UPDATE OF k SKIP LOCKED) held
         WHERE s.id = held.id`,
        [batch.map(([id]) => id), batch.map(([, { at }]) => at), batch.map(([, { ipAddress }]) => ipAddress)],
      ),
    );
  }
}
