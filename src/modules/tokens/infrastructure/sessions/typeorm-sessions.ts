import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { Sessions } from '../../application/sessions/sessions.port';
import { type RevocationReason, Session, type SessionState } from '../../domain/session';
import { SessionRow } from './session.row';

@Injectable()
export class TypeOrmSessions extends Sessions {
  constructor(private readonly database: Database) {
    super();
  }

  async add(session: Session): Promise<void> {
    await this.database.writer.insert(SessionRow, columnsOf(session.snapshot()));
  }

  async save(session: Session): Promise<void> {
    const { id, ...columns } = columnsOf(session.snapshot());
    await this.database.writer.update(SessionRow, { id }, columns);
  }

  take(id: SessionId): Promise<Session | null> {
    return this.takeWhere({ id });
  }

  takeOf(userId: UserId, id: SessionId): Promise<Session | null> {
    return this.takeWhere({ id, userId });
  }

  async holdAllOf(userId: UserId): Promise<readonly SessionId[]> {
    const open = await this.database.acrossTenants.writer.query<{ id: SessionId }[]>(
      'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id FOR UPDATE',
      [userId],
    );
    return open.map(({ id }) => id);
  }

  /** The kept one is held too, so that two who end all others do not wait for each other in a circle. */
  async revokeAllOf(userId: UserId, kept: SessionId | null, reason: RevocationReason, at: Date): Promise<number> {
    const ids = (await this.holdAllOf(userId)).filter((id) => id !== kept);
    if (ids.length > 0) await this.revoke(ids, reason, at);
    return ids.length;
  }

  async revokeAllIn(tenantId: TenantId, userId: UserId, reason: RevocationReason, at: Date): Promise<number> {
    // All are held, whichever tenant they are in, and looked at then: one may be about to be switched here.
    await this.holdAllOf(userId);
    const here = await this.database.acrossTenants.writer.query<{ id: SessionId }[]>(
      'SELECT id FROM sessions WHERE user_id = $1 AND tenant_id = $2 AND revoked_at IS NULL',
      [userId, tenantId],
    );
    const ids = here.map(({ id }) => id);
    if (ids.length > 0) await this.revoke(ids, reason, at);
    return ids.length;
  }

  async revokeAllOfTenant(tenantId: TenantId, reason: RevocationReason, at: Date): Promise<number> {
    // What UPDATE answers is a pair: the rows, and how many.
    const [, revoked] = await this.database.writer.query<[unknown, number]>(
      `UPDATE sessions SET revoked_at = $3, revoked_for = $2 WHERE id IN (
         SELECT id FROM sessions WHERE tenant_id = $1 AND revoked_at IS NULL ORDER BY id FOR UPDATE)`,
      [tenantId, reason, at],
    );
    return revoked;
  }

  async renewStamp(id: SessionId): Promise<void> {
    await this.database.writer.query(
      'UPDATE sessions s SET security_stamp = u.security_stamp FROM users u WHERE u.id = s.user_id AND s.id = $1',
      [id],
    );
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.database.acrossTenants.writer.query(removalWhere('user_id = $1'), [userId]);
  }

  async removeAllIn(tenantId: TenantId): Promise<void> {
    await this.database.writer.query(removalWhere('tenant_id = $1'), [tenantId]);
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    // What DELETE answers is a pair: the rows, and how many.
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE LEAST(expires_at, idle_expires_at, revoked_at) < $1
         ORDER BY LEAST(expires_at, idle_expires_at, revoked_at) LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }

  private async takeWhere(where: FindOptionsWhere<SessionRow>): Promise<Session | null> {
    const row = await this.database.writer.findOne(SessionRow, { where, lock: { mode: 'pessimistic_write' } });
    return row && Session.restore(row);
  }

  private async revoke(ids: readonly string[], reason: RevocationReason, at: Date): Promise<void> {
    await this.database.acrossTenants.writer.query(
      'UPDATE sessions SET revoked_at = $2, revoked_for = $3 WHERE id = ANY ($1)',
      [ids, at, reason],
    );
  }
}

/** In one order for everybody who takes several. */
const removalWhere = (condition: string): string =>
  `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ${condition} ORDER BY id FOR UPDATE)`;

/** The driver wants its own kind of bytes. */
function columnsOf({ secret, ...state }: SessionState): Omit<SessionRow, 'lastSeenAt'> {
  return { ...state, secret: Buffer.from(secret) };
}
