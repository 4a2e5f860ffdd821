import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../../../platform/crypto/canonical-json';
import { type EventRecord, signedFieldsOf } from '../domain/event-record';
import { AuditSecret } from './audit-secret';

/** That the service wrote an event, and as it is: whoever writes to the table by other means has not the key. */
@Injectable()
export class EventMac {
  constructor(private readonly secret: AuditSecret) {}

  /** 32 bytes. Throws for what has no canonical form, and what the secret throws. */
  async of(record: EventRecord): Promise<Buffer> {
    return macOf(await this.secret.derive('event'), record);
  }

  /** What has no canonical form was not written by the service. */
  async isOf(record: EventRecord, mac: Buffer): Promise<boolean> {
    const key = await this.secret.derive('event');
    try {
      const right = macOf(key, record);
      return mac.length === right.length && timingSafeEqual(mac, right);
    } catch {
      return false;
    }
  }
}

function macOf(key: Buffer, record: EventRecord): Buffer {
  return createHmac('sha256', key)
    .update(canonicalJson(signedFieldsOf(record)))
    .digest();
}
