import { Command } from 'nest-commander';
import { AuditArchiveCommand } from './audit-archive.command';
import { AuditExportCommand } from './audit-export.command';
import { AuditListCommand } from './audit-list.command';
import { AuditPublicKeyCommand } from './audit-public-key.command';
import { AuditTailCommand } from './audit-tail.command';
import { AuditVerifyCommand } from './audit-verify.command';
import { CommandGroup } from './command';

@Command({
  name: 'audit',
  description: 'The audit log: read it, follow it, export it, and hold it to its seals',
  subCommands: [
    AuditListCommand,
    AuditTailCommand,
    AuditExportCommand,
    AuditVerifyCommand,
    AuditPublicKeyCommand,
    AuditArchiveCommand,
  ],
})
export class AuditCommand extends CommandGroup {}
