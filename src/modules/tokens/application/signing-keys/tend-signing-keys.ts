import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../../platform/config/settings';
import { KeyOfAnotherAlgorithm } from '../../domain/errors';
import type { KeyRing } from '../../domain/signing-keys/key-ring';
import { type AsymmetricAlgorithm, KeyMaker, type KeyMaterial } from './key-material.port';
import { KeyRingChanges } from './key-ring-changes';
import { KeyRings } from './key-rings.port';
import { KEY_TIMES } from './key-times';

/**
 * Sees to it that there is a key to sign with and, unless an operator brings the keys, one to follow it; and does what
 * is due. Safe to run in many processes at once.
 */
@Injectable()
export class TendSigningKeys {
  constructor(
    private readonly rings: KeyRings,
    private readonly maker: KeyMaker,
    private readonly changes: KeyRingChanges,
    private readonly settings: TokenSettings,
  ) {}

  /** Makes the first keys, where there are none. Throws SealBroken when those there are have another MASTER_KEY. */
  async prepare(): Promise<void> {
    const { algorithm } = this.settings;
    if (algorithm === 'HS256') return;
    await this.rings.assertReadable();
    if ((await this.rings.find()).current) return;
    const brought = await this.brought(algorithm);
    // Made before the transaction: a large RSA key takes longer than others should wait.
    const first = brought ?? (await this.maker.make(algorithm));
    const second = brought ?? (await this.maker.make(algorithm));
    await this.changes.run(
      (ring, now) => {
        // Whoever was first stored; the others, waiting behind, find what it stored.
        if (ring.current) return;
        ring.begin({ ...first, brought: brought !== null }, now);
        if (!brought) ring.standBy(second, now, true);
      },
      [first, second],
    );
  }

  /**
   * At the start of a server: the ring follows its settings from here on, without refusing what was signed before. The
   * server that starts last decides. Throws KeyOfAnotherAlgorithm when the key it brings was used for another one.
   */
  async followSettings(): Promise<void> {
    const { algorithm } = this.settings;
    if (algorithm === 'HS256') return;
    const brought = await this.brought(algorithm);
    if (brought) await this.refuseOtherUseOf(brought);
    if (!isFollowing(await this.rings.find(), algorithm, brought)) {
      const wanted = brought ?? (await this.maker.make(algorithm));
      await this.changes.run(
        (ring, now) => {
          if (isFollowing(ring, algorithm, brought)) return;
          if (isAsked(ring.current, algorithm, brought)) ring.stay(brought !== null, now);
          else ring.takeOver({ ...wanted, brought: brought !== null }, KEY_TIMES, now);
        },
        [wanted],
      );
    }
    await this.execute();
  }

  /** What is due by now: a rotation, the retirement of drained keys, a new key to stand by. */
  async execute(): Promise<void> {
    await this.changes.run((ring, now) => {
      if (ring.isRotationDue(KEY_TIMES, this.settings.keyRotationSeconds, now)) ring.rotate(KEY_TIMES, now, true);
      ring.retireDrained(now);
    });
    await this.replenish();
  }

  /** After a rotation there is no key to follow; a new one is published long before the next rotation. */
  async replenish(): Promise<void> {
    const { current, next } = await this.rings.find();
    if (!current || next || current.brought || this.settings.algorithm === 'HS256') return;
    const made = await this.maker.make(current.algorithm as AsymmetricAlgorithm);
    await this.changes.run(
      (ring, now) => {
        if (!ring.next) ring.standBy(made, now);
      },
      [made],
    );
  }

  private async brought(algorithm: AsymmetricAlgorithm): Promise<KeyMaterial | null> {
    const { privateKey } = this.settings;
    return privateKey === undefined ? null : this.maker.import(privateKey, algorithm);
  }

  /** One key, one algorithm (RFC 8725, 3.1): an RSA key that signed RS256 does not sign PS256. */
  private async refuseOtherUseOf({ kid, algorithm }: KeyMaterial): Promise<void> {
    const used = (await this.rings.find()).algorithmOf(kid);
    if (used !== null && used !== algorithm) throw new KeyOfAnotherAlgorithm(used);
  }
}

/** Whether a key is what the settings ask for. */
function isAsked(key: KeyRing['current'], algorithm: AsymmetricAlgorithm, brought: KeyMaterial | null): boolean {
  if (!key) return false;
  return brought ? key.kid === brought.kid : key.algorithm === algorithm && !key.brought;
}

/** Whether the ring is on its way there: the key that signs, or the one that takes over from it, is the one asked for. */
function isFollowing({ current, next }: KeyRing, algorithm: AsymmetricAlgorithm, brought: KeyMaterial | null): boolean {
  const coming = next?.takesOverAt == null ? current : next;
  return isAsked(coming, algorithm, brought) && coming?.brought === (brought !== null);
}
