import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { keptSince } from '../../domain/invitation';
import { Invitations } from './invitations.port';

const BATCH = 500;

/** Forgets invitations that ended long ago, and with them the addresses, in small batches that never wait for anybody. */
@Injectable()
export class RemoveEndedInvitations {
  constructor(
    private readonly invitations: Invitations,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) => this.work.run((now) => this.invitations.removeEnded(keptSince(now), size)));
  }
}
