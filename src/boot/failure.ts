import { DomainError, ValidationFailed } from '../kernel/domain-error';
import { SealBroken } from '../platform/crypto/secret-box';
import { InvalidSettings } from '../platform/config/read-settings';
import { isDatabaseAway, isSchemaMissing } from '../platform/database/failures';
import { FolderInUse } from '../platform/database/folder-lock';
import { ERROR_CATALOGUE } from '../platform/http/error-catalogue';

/** 1: refused. 3: something it stands on is unavailable. (2 is for a command that was misspelt.) */
export type Failure = { readonly exitCode: 1 | 3; readonly message: string };

/** What a process says on its way out, in words an operator can act on; never a secret. */
export function failureOf(error: unknown): Failure {
  if (error instanceof InvalidSettings) return { exitCode: 1, message: error.message };
  if (error instanceof FolderInUse) return { exitCode: 3, message: error.message };
  if (error instanceof SealBroken) {
    return { exitCode: 1, message: `${error.message}. Start with the MASTER_KEY this database was set up with.` };
  }
  if (isSchemaMissing(error)) return { exitCode: 1, message: 'The schema is not up to date: run "doorward migrate".' };
  if (isDatabaseAway(error)) return { exitCode: 3, message: `The database is unavailable: ${textOf(error)}` };
  if (error instanceof ValidationFailed) {
    return { exitCode: 1, message: error.violations.map(({ field, message }) => `${field}: ${message}`).join('\n') };
  }
  if (error instanceof DomainError)
    return { exitCode: 1, message: `${ERROR_CATALOGUE[error.code].title} (${error.code})` };
  return { exitCode: portTaken(error) ? 3 : 1, message: textOf(error) };
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function portTaken(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === 'EADDRINUSE';
}
