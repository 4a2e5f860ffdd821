import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { DeviceTrust } from '../application/removal/device-trust.port';

@Injectable()
export class SqlDeviceTrust extends DeviceTrust {
  constructor(private readonly database: Database) {
    super();
  }

  async endAllOf(user: UserId): Promise<void> {
    await this.database.writer.query('DELETE FROM trusted_devices WHERE user_id = $1', [user]);
  }
}
