import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../../platform/privacy/personal-data';

const TRUSTED_DEVICES = `SELECT id, tenant_id, name, ip_address, created_at, last_used_at, expires_at
  FROM trusted_devices WHERE user_id = $1 ORDER BY created_at, id`;

/** The devices a user trusts, in every tenant. */
@Injectable()
export class TrustedDevicesPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    this.personal.describe('trusted_devices', TRUSTED_DEVICES);
  }
}
