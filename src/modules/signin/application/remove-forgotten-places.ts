import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { forgottenSince } from '../domain/familiar-place';
import { FamiliarPlaces } from './familiar-places.port';

const BATCH = 500;
/** So that a run ends soon, and the rest waits for the next one. */
const BATCHES = 20;

/** Forgets places that nobody signs in from any more, in small batches that never wait for anybody. */
@Injectable()
export class RemoveForgottenPlaces {
  constructor(
    private readonly places: FamiliarPlaces,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  async execute(): Promise<number> {
    let removed = 0;
    for (let batch = 1; batch <= BATCHES; batch++) {
      const count = await this.work.run((now) => this.places.removeForgotten(forgottenSince(now), BATCH));
      removed += count;
      if (count < BATCH) break;
    }
    return removed;
  }
}
