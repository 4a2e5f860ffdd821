import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { PurgeTenants } from './application/tenants/purge-tenants';

const PURGE_SECONDS = 60;

/** What recurs for tenants, and how often. */
@Injectable()
export class TenantChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly purging: PurgeTenants,
  ) {}

  onModuleInit(): void {
    this.chores.add({ name: 'deleted-tenants', everySeconds: PURGE_SECONDS, run: () => this.purging.execute() });
  }
}
