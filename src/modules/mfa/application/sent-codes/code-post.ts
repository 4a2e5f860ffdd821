import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { CodeUse } from '../../domain/code-use';
import type { Factor } from '../../domain/factor';
import type { SentMethod } from '../../domain/method';
import { codeSent } from '../../mfa.events';
import type { Asker } from './code-carrier';
import { CodeCarriers } from './code-carriers';
import { IssueCode } from './issue-code';

/** A code somebody asks for. */
export type CodeToSend = {
  readonly userId: UserId;
  readonly method: SentMethod;
  readonly use: CodeUse;
  /** For whose limits it counts; null: none. */
  readonly tenantId: TenantId | null;
};

/** Sends codes, no more of them than a mailbox or telephone has to bear (LG-10), and puts on record that it did. */
@Injectable()
export class CodePost {
  constructor(
    private readonly carriers: CodeCarriers,
    private readonly issuing: IssueCode,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Where the codes of a factor go at this moment; null: nowhere. */
  targetOf(method: SentMethod, factor: Factor): Promise<string | null> {
    return this.carriers.of(method).targetOf(factor);
  }

  /**
   * Whether one more may be sent there (null: nowhere, and it is counted all the same); uses one up. Not within a unit of
   * work. Throws DependencyUnavailable.
   */
  allows(method: SentMethod, target: string | null, asker: Asker): Promise<boolean> {
    return this.carriers.of(method).allows(target, asker);
  }

  /**
   * To nobody (null) it is the same work, and nobody knows the code. Joins the unit of work that holds the account's
   * factors.
   */
  send({ userId, tenantId, method, use }: CodeToSend, to: string | null): Promise<void> {
    return this.work.run(async (now) => {
      const { code, expiresAt } = await this.issuing.execute({ userId, method, use });
      const purpose = use.kind;
      await this.carriers.of(method).carry({ userId, tenantId, to, code, purpose, createdAt: now, expiresAt });
    });
  }

  /** Joins the unit of work. */
  record(asked: Parameters<typeof codeSent>[0], isSent: boolean): Promise<void> {
    return this.events.append(codeSent(asked, isSent));
  }
}
