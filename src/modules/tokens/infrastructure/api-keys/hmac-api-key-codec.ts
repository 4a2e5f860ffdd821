import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../../platform/config/settings';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { Random } from '../../../../platform/crypto/random';
import { ApiKeyCodec, type IssuedApiKey } from '../../application/api-keys/api-key-codec.port';
import { apiKeyId } from '../../domain/api-keys/api-key-id';
import { base62 } from './base62';

/** 62^43 is just above 2^256: so many random bits fit without any being likelier than another. */
const SECRET_BYTES = 32;
const SECRET_WIDTH = 43;
const CHECKSUM_WIDTH = 6;
/** Letters of the secret that may be shown. The 232 bits that are left are guessed by nobody. */
const SHOWN_OF_SECRET = 4;
/** With any prefix an operator may ever have set: keys outlive settings. */
const KEY = /^dw_[a-z0-9]{1,16}_[0-9A-Za-z]{49}$/;

/**
 * Keys are kept as HMAC-SHA-256, so a dump of the database without the master key does not even tell whether a key
 * found elsewhere is good here. They are too random to need a slow hash.
 */
@Injectable()
export class HmacApiKeyCodec extends ApiKeyCodec {
  constructor(
    private readonly master: MasterKey,
    private readonly random: Random,
    private readonly settings: TokenSettings,
  ) {
    super();
  }

  issue(now: Date): IssuedApiKey {
    const number = BigInt(`0x${this.random.bytes(SECRET_BYTES).toString('hex')}`);
    const body = this.settings.apiKeyPrefix + base62(number, SECRET_WIDTH);
    const key = body + checksum(body);
    const prefix = key.slice(0, this.settings.apiKeyPrefix.length + SHOWN_OF_SECRET);
    return { id: apiKeyId(this.random.uuid(now)), key, prefix, secretHash: this.hash(key) };
  }

  hashOf(presented: string): Uint8Array | null {
    if (!KEY.test(presented)) return null;
    const body = presented.slice(0, -CHECKSUM_WIDTH);
    return body + checksum(body) === presented ? this.hash(presented) : null;
  }

  private hash(key: string): Buffer {
    return createHmac('sha256', this.master.derive('api-key')).update(key).digest();
  }
}

/** Finds slips of the pen and keys somebody made up; it keeps nothing secret. */
function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_WIDTH);
}
