import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HashingSettings, SignInSettings } from '../../../platform/config/settings';
import { BoundedWork } from '../../../platform/concurrency/bounded-work';
import { Random } from '../../../platform/crypto/random';
import { PasswordHasher } from '../application/passwords/password-hasher.port';
import { hashWithArgon2, isStrongArgon2, looksLikeArgon2, matchesArgon2 } from '../../../platform/crypto/argon2';
import { BCRYPT_MAX_BYTES, hashWithBcrypt, isStrongBcrypt, looksLikeBcrypt, matchesBcrypt } from './bcrypt-passwords';

/** Shorter than an announced comparison is believed to be under way: none is made that nobody counts any more. */
const PATIENCE_MS = 5_000;

/** argon2id or bcrypt for new hashes, as the settings say; reads both, and only so many at once. */
@Injectable()
export class SelectablePasswordHasher extends PasswordHasher implements OnModuleInit {
  readonly maxBytes: number | null;
  private readonly useBcrypt: boolean;
  private readonly work: BoundedWork;
  private nobodysHash: string | undefined;

  constructor(
    settings: SignInSettings,
    { concurrency, queue }: HashingSettings,
    private readonly random: Random,
  ) {
    super();
    this.work = new BoundedWork({ concurrency, room: queue, patienceMs: PATIENCE_MS });
    this.useBcrypt = settings.passwordAlgorithm === 'bcrypt';
    this.maxBytes = this.useBcrypt ? BCRYPT_MAX_BYTES : null;
  }

  hash(password: string): Promise<string> {
    return this.work.run(() => (this.useBcrypt ? hashWithBcrypt(password) : hashWithArgon2(password)));
  }

  verify(stored: string, password: string): Promise<boolean> {
    return this.work.run(() => matches(stored, password));
  }

  /** Made before the first request, which would otherwise take twice the time for a user there is not. */
  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash(this.random.bytes(16).toString('hex'));
  }

  async verifyNothing(password: string): Promise<void> {
    if (this.nobodysHash === undefined) await this.onModuleInit();
    await this.verify(this.nobodysHash ?? '', password);
  }

  isCurrent(stored: string): boolean {
    return this.useBcrypt ? isStrongBcrypt(stored) : isStrongArgon2(stored);
  }
}

async function matches(stored: string, password: string): Promise<boolean> {
  try {
    if (looksLikeArgon2(stored)) return await matchesArgon2(stored, password);
    return looksLikeBcrypt(stored) && (await matchesBcrypt(stored, password));
  } catch {
    return false; // a hash the library cannot read opens nothing
  }
}
