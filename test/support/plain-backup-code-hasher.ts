import { BackupCodeHasher } from '../../src/modules/mfa/application/backup-codes/backup-code-hasher.port';

/** Looks to the database like a hash of argon2id. */
const PREFIX = '$argon2id$plain$';

/** Backup codes as they are: quick, and it keeps how often something was compared, and with what. */
export class PlainBackupCodeHasher extends BackupCodeHasher {
  compared = 0;
  comparedWithNothing = 0;

  hash(secrets: readonly string[]): Promise<readonly string[]> {
    return Promise.resolve(secrets.map((secret) => PREFIX + secret));
  }

  matches(stored: string, secret: string): Promise<boolean> {
    this.compared += 1;
    return Promise.resolve(stored === PREFIX + secret);
  }

  matchNothing(): Promise<void> {
    this.comparedWithNothing += 1;
    return Promise.resolve();
  }
}
