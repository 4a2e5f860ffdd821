import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Tenants } from '../tenants.port';

const NAME = 'Shared tenant';

/** A personal tenant bears the name of whom it was opened for. When their account ends it goes on under no one's. */
@Injectable()
export class ForgetNamesake {
  constructor(
    private readonly tenants: Tenants,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /** For a tenant an owner leaves; organizations keep their names. Within the caller's unit of work. */
  execute(tenant: TenantId): Promise<void> {
    return this.work.run((now) =>
      this.tenants.renamePersonal(tenant, NAME, `shared-tenant-${this.random.phrase(1, 8)}`, now),
    );
  }
}
