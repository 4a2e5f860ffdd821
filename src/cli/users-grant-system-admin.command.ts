import { SubCommand } from 'nest-commander';
import type { AccountsFacade } from '../modules/identity/accounts.facade';
import type { UserView } from '../modules/identity/identity.facade';
import { type Appointment, SystemAdministratorCommand } from './system-administrator';

@SubCommand({
  name: 'grant-system-admin',
  arguments: '<user>',
  description: 'Make a user a system administrator, who may do everything in every tenant',
})
export class UsersGrantSystemAdminCommand extends SystemAdministratorCommand {
  protected question(reference: string): string {
    return `Make ${reference} a system administrator?`;
  }

  protected async change({ id, email }: UserView, accounts: AccountsFacade): Promise<Appointment> {
    await accounts.grantSystemAdministration(id);
    return { isAdministrator: true, words: `${email} is a system administrator now.` };
  }
}
