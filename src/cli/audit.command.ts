import { Command } from 'nest-commander';
import { AuditArchiveCommand } from './audit-archive.command';
import { AuditPublicKeyCommand } from './audit-public-key.command';
import { AuditVerifyCommand } from './audit-verify.command';
import { CommandGroup } from './command';

@Command({
  name: 'audit',
  description: 'The audit log and its seals',
  subCommands: [
    // One a line, in the order in which --help lists them.
    AuditVerifyCommand,
    AuditPublicKeyCommand,
    AuditArchiveCommand,
  ],
})
export class AuditCommand extends CommandGroup {}
