import { Command } from 'nest-commander';
import { AuditExportCommand } from './audit-export.command';
import { AuditListCommand } from './audit-list.command';
import { AuditTailCommand } from './audit-tail.command';
import { CommandGroup } from './command';

@Command({
  name: 'audit',
  description: 'Read, follow and export the audit log',
  subCommands: [AuditListCommand, AuditTailCommand, AuditExportCommand],
})
export class AuditCommand extends CommandGroup {}
