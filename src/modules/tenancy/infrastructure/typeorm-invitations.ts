import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { NotFound } from '../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import type { Statements } from '../../../platform/database/statements';
import { violatedReference } from '../../../platform/database/failures';
import { Invitations } from '../application/invitations/invitations.port';
import { Invitation, type InvitationState } from '../domain/invitation';
import type { InvitationId } from '../domain/invitation-id';
import type { TenantStatus } from '../domain/tenant';
import { InvitationRow } from './invitation.row';

const INVITED_TO: readonly (string | undefined)[] = ['invitations_tenant', 'invitations_role'];
const NOT_ENDED = { acceptedAt: IsNull(), revokedAt: IsNull() };

@Injectable()
export class TypeOrmInvitations extends Invitations {
  constructor(private readonly database: Database) {
    super();
  }

  async holdTenant(tenantId: TenantId): Promise<boolean> {
    const held = await this.database.writer.query<{ status: TenantStatus }[]>(
      'SELECT status FROM tenants WHERE id = $1 FOR NO KEY UPDATE',
      [tenantId],
    );
    return held[0]?.status === 'active';
  }

  async add(invitation: Invitation): Promise<void> {
    try {
      await this.database.writer.insert(InvitationRow, columnsOf(invitation.snapshot()));
    } catch (error) {
      if (INVITED_TO.includes(violatedReference(error))) throw new NotFound({ cause: error });
      throw error;
    }
  }

  async save(invitation: Invitation): Promise<void> {
    const { id, tenantId, ...columns } = columnsOf(invitation.snapshot());
    await this.database.writer.update(InvitationRow, { id, tenantId }, columns);
  }

  async takeIn(tenantId: TenantId, id: InvitationId): Promise<Invitation | null> {
    return (await taken(this.database.writer, { tenantId, id }))[0] ?? null;
  }

  takeAllOf(emailKey: Uint8Array): Promise<readonly Invitation[]> {
    return this.take({ emailKey: Buffer.from(emailKey) });
  }

  async takeByToken(tokenHash: Uint8Array): Promise<Invitation | null> {
    return (await this.take({ tokenHash: Buffer.from(tokenHash) }))[0] ?? null;
  }

  takePendingOf(emailKey: Uint8Array, now: Date): Promise<readonly Invitation[]> {
    return this.take({ emailKey: Buffer.from(emailKey), expiresAt: MoreThan(now), ...NOT_ENDED });
  }

  takeOpenBy(user: UserId): Promise<readonly Invitation[]> {
    return this.take({ invitedBy: user, ...NOT_ENDED });
  }

  async removeAllOf(user: UserId, emailKey: Uint8Array): Promise<void> {
    const sql = `DELETE FROM invitations WHERE id IN (
      SELECT id FROM invitations WHERE email_key = $2 OR accepted_by = $1 ORDER BY id FOR UPDATE)`;
    await this.database.acrossTenants.writer.query(sql, [user, Buffer.from(emailKey)]);
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    // What DELETE answers is a pair: the rows, and how many.
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM invitations WHERE id IN (
         SELECT id FROM invitations WHERE LEAST(accepted_at, revoked_at, expires_at) < $1
         ORDER BY LEAST(accepted_at, revoked_at, expires_at) LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }

  /** By a mailbox, a secret or a person they are found in whichever tenant they are. */
  private async take(where: FindOptionsWhere<InvitationRow>): Promise<readonly Invitation[]> {
    return await taken(this.database.acrossTenants.writer, where);
  }
}

/** In one order for everybody, so that no two who take several wait for each other. */
async function taken(writer: Statements, where: FindOptionsWhere<InvitationRow>): Promise<readonly Invitation[]> {
  const lock = { mode: 'pessimistic_write' } as const;
  const rows = await writer.find(InvitationRow, { where, order: { id: 'ASC' }, lock });
  return rows.map((row) => Invitation.restore(row));
}

/** The driver wants its own kind of bytes. */
function columnsOf({ emailKey, tokenHash, codeHash, ...state }: InvitationState): InvitationRow {
  return {
    ...state,
    emailKey: Buffer.from(emailKey),
    tokenHash: Buffer.from(tokenHash),
    codeHash: Buffer.from(codeHash),
  };
}
