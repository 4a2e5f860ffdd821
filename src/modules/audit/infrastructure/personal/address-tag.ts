import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditSecret } from '../audit-secret';

/** The tag of an address: a number of 20 bits. */
export type TagOf = (ipAddress: string) => number;

/**
 * Finds the events of an address without naming it: 20 bits of a keyed hash, which thousands of addresses share. What is
 * found is looked at again once opened.
 */
@Injectable()
export class AddressTag {
  constructor(private readonly secret: AuditSecret) {}

  /** With the key at hand, for as many addresses as there are. */
  async tagger(): Promise<TagOf> {
    const key = await this.secret.derive('address');
    return (ipAddress) => createHmac('sha256', key).update(ipAddress).digest().readUIntBE(0, 3) >>> 4;
  }
}
