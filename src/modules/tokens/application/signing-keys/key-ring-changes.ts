import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { KeyRing } from '../../domain/signing-keys/key-ring';
import { signingKeyEventOf } from '../../signing-key.events';
import type { KeyMaterial } from './key-material.port';
import { KeyRings } from './key-rings.port';

/** Every change of the signing keys: one process at a time, stored and on record in one transaction. */
@Injectable()
export class KeyRingChanges {
  constructor(
    private readonly rings: KeyRings,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** `material` holds both halves of the keys that `decide` may add. */
  run<T>(decide: (ring: KeyRing, now: Date) => T, material: readonly KeyMaterial[] = []): Promise<T> {
    return this.work.run(async (now) => {
      const ring = await this.rings.take();
      const decision = decide(ring, now);
      await this.rings.save(ring, material);
      for (const change of ring.changes()) {
        const event = signingKeyEventOf(change);
        if (event) await this.events.append(event);
      }
      return decision;
    });
  }
}
