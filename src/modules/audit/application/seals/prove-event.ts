import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { NotSealedYet } from '../../domain/seals/errors';
import { sequenceOf } from '../../domain/seals/logged-event';
import { pathOf } from '../../domain/seals/merkle-tree';
import type { Seal } from '../../domain/seals/seal';
import { provenEventOf } from '../../seals.events';
import { AuditKeys } from './audit-keys.port';
import { LoggedEvents, type ProvableEvent } from './logged-events.port';
import { Seals } from './seals.port';
import { SPELLING } from './spelling';
import type { Verifier } from './verify-on-record';

/** That one event is in the log, for whoever has nothing but the public key. */
export type EventProof = {
  readonly event: ProvableEvent;
  readonly seal: Pick<Seal, 'payload' | 'hash' | 'signature'>;
  readonly leafIndex: number;
  /** From the bottom up, as RFC 9162 has it. */
  readonly path: readonly Uint8Array[];
  /** PEM; null where the key is none of ours. */
  readonly publicKey: string | null;
};

/** Shows that an event was sealed: itself, its seal, and what leads from the one to the other. */
@Injectable()
export class ProveEvent {
  constructor(
    private readonly events: LoggedEvents,
    private readonly seals: Seals,
    private readonly keys: AuditKeys,
    private readonly log: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound and NotSealedYet. Whether the proof holds is for whoever checks it. */
  async execute(id: string, by: Verifier): Promise<EventProof> {
    const event = await this.events.find(id, by.seesAll ? null : by.tenantId);
    if (event === null) throw new NotFound();
    const sequence = sequenceOf(event);
    const seal = await this.seals.holding(sequence);
    if (seal === null) throw new NotSealedYet();
    const { userId, tenantId } = by;
    await this.work.run(() => this.log.append(provenEventOf(id, { userId, tenantId })));
    const leafIndex = seal.sequences.indexOf(sequence);
    const key = await this.keys.find(seal.payload.keyId);
    const { payload, hash, signature } = seal;
    return {
      event,
      seal: { payload, hash, signature },
      leafIndex,
      path: pathOf(SPELLING.hash, seal.leaves, leafIndex),
      publicKey: key?.publicKey ?? null,
    };
  }
}
