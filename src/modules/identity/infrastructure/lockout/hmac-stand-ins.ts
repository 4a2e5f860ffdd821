import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { StandIns } from '../../application/lockout/stand-ins.port';

/** A UUID of version 8 (RFC 9562, 5.8) made of the name with a secret key: it can neither be guessed nor be a user's. */
@Injectable()
export class HmacStandIns extends StandIns {
  private readonly key: Buffer;

  constructor(master: MasterKey) {
    super();
    this.key = master.derive('stand-in');
  }

  accountFor(login: string): string {
    const hex = createHmac('sha256', this.key).update(login.toLowerCase()).digest('hex');
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
  }
}
