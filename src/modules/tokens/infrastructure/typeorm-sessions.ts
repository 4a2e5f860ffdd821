import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { SessionId, UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { Sessions } from '../application/sessions.port';
import { type RevocationReason, Session, type SessionState } from '../domain/session';
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

  async take(id: SessionId): Promise<Session | null> {
    const row = await this.database.writer.findOne(SessionRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return row && Session.restore(row);
  }

  async revokeAllOf(userId: UserId, kept: SessionId | null, reason: RevocationReason, at: Date): Promise<number> {
    const open = { userId, revokedAt: IsNull(), ...(kept !== null && { id: Not(kept) }) };
    const { affected } = await this.database.writer.update(SessionRow, open, { revokedAt: at, revokedFor: reason });
    return affected ?? 0;
  }
}

/** The driver wants its own kind of bytes. */
function columnsOf({ secret, ...state }: SessionState): SessionRow {
  return { ...state, secret: Buffer.from(secret) };
}
