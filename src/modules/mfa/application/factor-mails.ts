import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../../platform/events/event-subscriptions';
import { UserMailsFacade } from '../../identity/user-mails.facade';
import type { FactorType, Method } from '../domain/method';
import { FactorQueries } from './standing/factor-queries';

/** With so few backup codes left there should be new ones. */
const FEW = 3;

/** Tells the owner of an account what happened to its second factors. Within the unit of work of the event. */
@Injectable()
export class FactorMails {
  constructor(
    private readonly factors: FactorQueries,
    private readonly mails: UserMailsFacade,
  ) {}

  async onEnrolled(event: RecordedEvent): Promise<void> {
    const { userId, outcome } = event;
    if (userId === null || outcome !== 'success') return;
    const method = event.details?.method as FactorType;
    const number = method === 'sms' ? await this.numberOf(event) : null;
    const facts = { ...occasionOf(event), method, number, replaced: event.details?.replaced === true };
    await this.mails.tell(userId, 'second-factor-added', facts);
  }

  /** By their user, or at the first proof of the mailbox (RC-09). An administrator's reset is told where it is done. */
  async onDisabled(event: RecordedEvent): Promise<void> {
    if (event.userId === null || event.outcome !== 'success') return;
    if (event.details?.reason === 'first_proof') {
      await this.mails.tell(event.userId, 'second-factors-removed', { ...occasionOf(event), why: 'first_proof' });
    }
    if (event.details?.reason !== 'user') return;
    const methods = event.details.methods as readonly FactorType[];
    await this.mails.tell(event.userId, 'second-factor-removed', { ...occasionOf(event), methods });
  }

  async onStopped(event: RecordedEvent): Promise<void> {
    if (event.userId === null) return;
    const [method, failures] = [event.details?.method as Method, Number(event.details?.failures)];
    await this.mails.tell(event.userId, 'second-factor-stopped', { ...occasionOf(event), method, failures });
  }

  async onPaused(event: RecordedEvent): Promise<void> {
    if (event.userId !== null) await this.mails.tell(event.userId, 'wrong-codes', occasionOf(event));
  }

  async onBackupCodeUsed(event: RecordedEvent): Promise<void> {
    if (event.userId === null) return;
    const left = Number(event.details?.left);
    await this.mails.tell(event.userId, 'backup-code-used', { ...occasionOf(event), left, few: left <= FEW });
  }

  async onBackupCodesRenewed(event: RecordedEvent): Promise<void> {
    if (event.userId !== null) await this.mails.tell(event.userId, 'backup-codes-renewed', occasionOf(event));
  }

  /** Most of it hidden: enough to see that it is somebody else's. */
  private async numberOf({ userId }: RecordedEvent): Promise<string | null> {
    const factors = userId === null ? [] : await this.factors.listOf(userId);
    return factors.find(({ type }) => type === 'sms')?.label ?? null;
  }
}

function occasionOf({ at, ipAddress }: RecordedEvent): { readonly at: string; readonly address: string | null } {
  return { at: at.toISOString(), address: ipAddress };
}
