import { SubCommand } from 'nest-commander';
import type { AccountsFacade } from '../modules/identity/accounts.facade';
import type { UserView } from '../modules/identity/identity.facade';
import { Refused } from './command';
import { type Appointment, SystemAdministratorCommand } from './system-administrator';

@SubCommand({
  name: 'revoke-system-admin',
  arguments: '<user>',
  description: 'Make a system administrator a user like others',
})
export class UsersRevokeSystemAdminCommand extends SystemAdministratorCommand {
  protected question(reference: string): string {
    return `Take system administration from ${reference}?`;
  }

  protected async change({ id, email }: UserView, accounts: AccountsFacade): Promise<Appointment> {
    const change = await accounts.revokeSystemAdministration(id);
    if (change === 'last_administrator') throw new Refused(`${email} is the last system administrator.`);
    return { isAdministrator: false, words: `${email} is no system administrator any more.` };
  }
}
