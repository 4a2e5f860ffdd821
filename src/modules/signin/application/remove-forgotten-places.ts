import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../platform/database/in-batches';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { forgottenSince } from '../domain/familiar-place';
import { FamiliarPlaces } from './familiar-places.port';

const BATCH = 500;

/** Forgets places that nobody signs in from any more, in small batches that never wait for anybody. */
@Injectable()
export class RemoveForgottenPlaces {
  constructor(
    private readonly places: FamiliarPlaces,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) => this.work.run((now) => this.places.removeForgotten(forgottenSince(now), size)));
  }
}
