import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type AccountInput, type CreatedAccount, SigninFacade } from '../modules/signin/signin.facade';
import { RolesFacade } from '../modules/tenancy/roles.facade';
import { SigningKeysFacade } from '../modules/tokens/signing-keys.facade';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { EventLog } from '../platform/events/event-log';
import { migrate, pendingMigrations } from '../platform/database/migrations';

/** The first administrator where nobody says otherwise; `.localhost` is reserved (RFC 6761) and reaches nobody's mailbox. */
export const FIRST_ADMINISTRATOR: AccountInput = { email: 'admin@doorward.localhost', username: 'admin' };

/** What a database needs before the service can use it. Every step may be repeated, and run by many processes at once. */
export class Installation {
  constructor(private readonly app: INestApplicationContext) {}

  /** Returns the names of the migrations that were applied. */
  async migrate(): Promise<readonly string[]> {
    const applied = await migrate(this.app.get(DataSource));
    if (applied.length > 0) await this.record(applied);
    return applied;
  }

  private record(migrations: readonly string[]): Promise<void> {
    const event = {
      type: 'system.migrated',
      outcome: 'success',
      userId: null,
      tenantId: null,
      details: { migrations },
    } as const;
    return this.app.get(UnitOfWork).run(() => this.app.get(EventLog).append(event));
  }

  pendingMigrations(): Promise<readonly string[]> {
    return pendingMigrations(this.app.get(DataSource));
  }

  /** From here on keys are those the settings of this server ask for. */
  followSettings(): Promise<void> {
    return this.app.get(SigningKeysFacade).followSettings();
  }

  /** Migrations, signing keys, built-in roles: all that a start needs. Returns the migrations that were applied. */
  async prepare(): Promise<readonly string[]> {
    const applied = await this.migrate();
    await this.app.get(SigningKeysFacade).prepare();
    await this.seed();
    return applied;
  }

  /** Returns the built-in roles that were added or brought up to date. */
  seed(): Promise<readonly string[]> {
    return this.app.get(RolesFacade).seedBuiltIn();
  }

  /** null when there is an administrator already. */
  firstAdministrator(account: AccountInput = FIRST_ADMINISTRATOR): Promise<CreatedAccount | null> {
    return this.app.get(SigninFacade).createFirstAdministrator(account);
  }
}
