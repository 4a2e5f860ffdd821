import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../../../platform/crypto/master-key';

/**
 * Finds the events of an address without naming it: 20 bits of a keyed hash, which thousands of addresses share. What is
 * found is looked at again once opened.
 */
@Injectable()
export class AddressTag {
  private readonly key: Buffer;

  constructor(master: MasterKey) {
    this.key = master.derive('audit-address');
  }

  of(ipAddress: string): number {
    return createHmac('sha256', this.key).update(ipAddress).digest().readUIntBE(0, 3) >>> 4;
  }
}
