import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SignInSettings } from '../../../../platform/config/settings';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { Random } from '../../../../platform/crypto/random';
import { type DeviceOwner, KnownDevices } from '../../application/lockout/known-devices.port';

/** Names the kind of token, for people and for secret scanners. Unlike an API key's, it does not begin with `dw_`. */
const PREFIX = 'dwdt_';
const VERSION = 1;
const ID_BYTES = 16;
const TAG_BYTES = 16;
const SECONDS_AT = 1 + 2 * ID_BYTES;
const TAGS_AT = SECONDS_AT + 4;
const BODY_BYTES = TAGS_AT + 2 * TAG_BYTES;
const PROOF_BYTES = 32;
const TOKEN = /^dwdt_[A-Za-z0-9_-]{1,200}$/;

type Opened = { readonly user: string; readonly device: string; readonly stamp: Buffer; readonly name: Buffer };

/**
 * Version (1), user (16), device (16), seconds since 1970 (4), tags of the user's stamp (16) and of the name (16),
 * HMAC-SHA-256 (32). Nothing of it is stored, so there is nothing to steal, and nothing to fill a table with.
 */
@Injectable()
export class HmacKnownDevices extends KnownDevices {
  private readonly key: Buffer;
  private readonly tagKey: Buffer;

  constructor(
    master: MasterKey,
    private readonly random: Random,
    private readonly settings: SignInSettings,
  ) {
    super();
    this.key = master.derive('known-device');
    this.tagKey = master.derive('known-device-tag');
  }

  issue({ id, securityStamp }: DeviceOwner, login: string, deviceId: string | null, now: Date): string {
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32BE(Math.floor(now.getTime() / 1000));
    const device = deviceId === null ? this.random.bytes(ID_BYTES) : Buffer.from(deviceId, 'hex');
    const tags = [this.tag(securityStamp), this.tag(login.toLowerCase())];
    const body = Buffer.concat([Buffer.from([VERSION]), idOf(id), device, seconds, ...tags]);
    return PREFIX + Buffer.concat([body, this.proof(body)]).toString('base64url');
  }

  recognise(token: string, { id, securityStamp }: DeviceOwner, now: Date): string | null {
    const opened = this.open(token, now);
    if (!opened || opened.user !== idOf(id).toString('hex')) return null;
    return opened.stamp.equals(this.tag(securityStamp)) ? opened.device : null;
  }

  recogniseByName(token: string, login: string, now: Date): string | null {
    const opened = this.open(token, now);
    return opened?.name.equals(this.tag(login.toLowerCase())) ? opened.device : null;
  }

  private open(token: string, now: Date): Opened | null {
    if (!TOKEN.test(token)) return null;
    const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
    if (bytes.length !== BODY_BYTES + PROOF_BYTES || bytes[0] !== VERSION) return null;
    const body = bytes.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(bytes.subarray(BODY_BYTES), this.proof(body))) return null;
    const ageSeconds = now.getTime() / 1000 - body.readUInt32BE(SECONDS_AT);
    if (ageSeconds >= this.settings.knownDeviceSeconds) return null;
    return {
      user: body.toString('hex', 1, 1 + ID_BYTES),
      device: body.toString('hex', 1 + ID_BYTES, SECONDS_AT),
      stamp: body.subarray(TAGS_AT, TAGS_AT + TAG_BYTES),
      name: body.subarray(TAGS_AT + TAG_BYTES),
    };
  }

  private proof(body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(body).digest();
  }

  private tag(text: string): Buffer {
    return createHmac('sha256', this.tagKey).update(text).digest().subarray(0, TAG_BYTES);
  }
}

const idOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
