import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Random } from '../../../platform/crypto/random';
import { SecretBox } from '../../../platform/crypto/secret-box';
import { Database } from '../../../platform/database/database';

const SECRET_BYTES = 32;
const KEY_BYTES = 32;
const ID = 'log';
const CONTEXT = `audit_secrets/${ID}`;

/**
 * What the keys of the log are derived from. It is random and lies in a secret box: the log outlives a MASTER_KEY, under
 * another of which the box is sealed anew and the secret is the same.
 */
@Injectable()
export class AuditSecret {
  private remembered: Buffer | null = null;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly random: Random,
  ) {}

  /** 32 bytes, for one purpose (HKDF-SHA-256, RFC 5869). Throws SealBroken where the box was sealed under another MASTER_KEY. */
  async derive(purpose: string, salt: Buffer = Buffer.alloc(0)): Promise<Buffer> {
    const secret = this.remembered ?? (await this.find());
    return Buffer.from(hkdfSync('sha256', secret, salt, `doorward/audit/${purpose}/v1`, KEY_BYTES));
  }

  /** Only what is committed is remembered: what is rolled back would verify nothing. */
  private async find(): Promise<Buffer> {
    const secret = (await this.stored()) ?? (await this.database.run(() => this.make()));
    this.database.afterCommit(() => {
      this.remembered = secret;
    });
    return secret;
  }

  /** Somebody else may have made it meanwhile: theirs counts. */
  private async make(): Promise<Buffer> {
    const made = this.random.bytes(SECRET_BYTES);
    await this.database.writer.query(
      'INSERT INTO audit_secrets (id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
      [ID, this.box.seal(made, CONTEXT), this.database.instant],
    );
    return (await this.stored()) ?? made;
  }

  private async stored(): Promise<Buffer | null> {
    const [row] = await this.database.reader.query<{ sealed: Buffer }[]>(
      'SELECT sealed FROM audit_secrets WHERE id = $1',
      [ID],
    );
    return row ? this.box.open(row.sealed, CONTEXT) : null;
  }
}
