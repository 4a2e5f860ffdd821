import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { MailedSecrets } from './mailed-secrets.port';

/**
 * Who changes the password shuts somebody out. What that one had mailed to set yet another password, or to move the
 * account to another address, ends in the same transaction.
 */
@Injectable()
export class EndPendingSecrets {
  constructor(private readonly secrets: MailedSecrets) {}

  async onPasswordChanged({ userId, outcome }: DomainEvent): Promise<void> {
    if (outcome !== 'success' || userId === null) return;
    await this.secrets.removeAllOf(userId, ['password_reset', 'email_change']);
  }

  /** Of users whom nothing lets in any more, for the same reason. Within the caller's unit of work. */
  ofAll(users: readonly UserId[]): Promise<void> {
    return this.secrets.removeAllOfMany(users, ['password_reset', 'email_change']);
  }

  /** Whom an administrator keeps out has no way in by an older mail either (RT-09). */
  async onKeptOut(event: DomainEvent): Promise<void> {
    if (event.details?.scope === 'tenant') await this.onPasswordChanged(event);
  }
}
