import { Injectable } from '@nestjs/common';
import { FederationSettings } from '../../../../platform/config/settings';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { LinkedIdentities } from './linked-identities.port';

const BATCH = 500;

/** Drops what providers gave while that was kept, once it no longer is, in small batches that never wait for anybody. */
@Injectable()
export class DropProviderTokens {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly settings: FederationSettings,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns of how many identities something was dropped. */
  async execute(): Promise<number> {
    if (this.settings.keepProviderTokens) return 0;
    return inBatches(BATCH, (size) => this.work.run(() => this.identities.dropAllTokens(size)));
  }
}
