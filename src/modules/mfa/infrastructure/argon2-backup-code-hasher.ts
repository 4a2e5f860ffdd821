import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BoundedWork } from '../../../platform/concurrency/bounded-work';
import { HashingSettings } from '../../../platform/config/settings';
import { hashWithArgon2, matchesArgon2 } from '../../../platform/crypto/argon2';
import { Random } from '../../../platform/crypto/random';
import { BackupCodeHasher } from '../application/backup-codes/backup-code-hasher.port';

const PATIENCE_MS = 5_000;

/** argon2id, and only so many at once, beside the passwords: neither stands in the queue of the other. */
@Injectable()
export class Argon2BackupCodeHasher extends BackupCodeHasher implements OnModuleInit {
  private readonly work: BoundedWork;
  private nobodysHash: string | undefined;

  constructor(
    { concurrency, queue }: HashingSettings,
    private readonly random: Random,
  ) {
    super();
    this.work = new BoundedWork({ concurrency, room: queue, patienceMs: PATIENCE_MS });
  }

  /** Made before the first request, which would otherwise take twice the time for a code there is not. */
  async onModuleInit(): Promise<void> {
    this.nobodysHash = await hashWithArgon2(this.random.phrase(1, 10));
  }

  /** A set is one piece of work, one after the other: it never gets half a place, and takes no more than one. */
  hash(secrets: readonly string[]): Promise<readonly string[]> {
    return this.work.run(async () => {
      const hashes: string[] = [];
      for (const secret of secrets) hashes.push(await hashWithArgon2(secret));
      return hashes;
    });
  }

  matches(stored: string, secret: string): Promise<boolean> {
    return this.work.run(() => matchesArgon2(stored, secret));
  }

  async matchNothing(secret: string): Promise<void> {
    if (this.nobodysHash === undefined) await this.onModuleInit();
    await this.matches(this.nobodysHash ?? '', secret);
  }
}
