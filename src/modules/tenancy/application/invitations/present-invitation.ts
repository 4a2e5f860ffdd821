import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { MailboxProof } from '../../../identity/mailbox.facade';
import type { Invitation } from '../../domain/invitation';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationRefused } from '../../invitation.events';
import { Invitations } from './invitations.port';
import { TenancyQueries } from '../tenancy-queries';

/** A pending invitation whose secret was shown a moment ago: whoever acts on it takes it, which decides again. */
export type Invited = {
  readonly id: InvitationId;
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly email: string;
  /** Which of the secrets that were mailed it was. */
  readonly tokenHash: Uint8Array;
};

/** Finds the invitation that a mailed secret belongs to. A wrong code counts, for every invitation it could have been of. */
@Injectable()
export class PresentInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly queries: TenancyQueries,
    private readonly secrets: OneTimeSecrets,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** null, with the true reason on record, when there is none or it is not pending. */
  execute(proof: MailboxProof): Promise<Invited | null> {
    return this.work.run(async (now) => {
      const found = proof.kind === 'token' ? await this.byToken(proof.token, now) : await this.byCode(proof, now);
      return found && this.invitedBy(found);
    });
  }

  private async byToken(token: string, now: Date): Promise<Invitation | null> {
    const hash = this.secrets.hashOf(token);
    const found = hash && (await this.invitations.takeByToken(hash));
    const status = found?.status(now) ?? 'unknown';
    if (status === 'pending') return found;
    await this.events.append(invitationRefused(found?.snapshot() ?? null, status));
    return null;
  }

  private async byCode(
    { email, code }: Extract<MailboxProof, { readonly kind: 'code' }>,
    now: Date,
  ): Promise<Invitation | null> {
    const pending = await this.invitations.takePendingOf(this.secrets.keyOf(email), now);
    const opened = pending.find((invitation) => {
      const { id, codeHash } = invitation.snapshot();
      return this.secrets.isCodeOf(id, Buffer.from(codeHash), code) && invitation.tryCode(true, now) === 'right';
    });
    if (opened) return opened;
    for (const invitation of pending) await this.miss(invitation, now);
    if (pending.length === 0) await this.events.append(invitationRefused(null, 'unknown'));
    return null;
  }

  private async miss(invitation: Invitation, now: Date): Promise<void> {
    const trial = invitation.tryCode(false, now);
    await this.invitations.save(invitation);
    await this.events.append(invitationRefused(invitation.snapshot(), trial));
  }

  private async invitedBy(invitation: Invitation): Promise<Invited> {
    const { id, tenantId, email, tokenHash } = invitation.snapshot();
    return { id, tenantId, tenantName: (await this.queries.find(tenantId))?.name ?? '', email, tokenHash };
  }
}
