import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../../../platform/crypto/canonical-json';
import { MasterKey } from '../../../platform/crypto/master-key';
import { type EventRecord, signedFieldsOf } from '../domain/event-record';

/** That the service wrote an event, and as it is: whoever writes to the table by other means has not the key. */
@Injectable()
export class EventMac {
  private readonly key: Buffer;

  constructor(master: MasterKey) {
    this.key = master.derive('audit-event');
  }

  /** 32 bytes. */
  of(record: EventRecord): Buffer {
    return createHmac('sha256', this.key)
      .update(canonicalJson(signedFieldsOf(record)))
      .digest();
  }

  isOf(record: EventRecord, mac: Buffer): boolean {
    const right = this.of(record);
    return mac.length === right.length && timingSafeEqual(mac, right);
  }
}
