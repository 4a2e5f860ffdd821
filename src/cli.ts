#!/usr/bin/env node
import { CommandFactory } from 'nest-commander';
import { failureOf } from './boot/failure';
import { CliModule } from './cli/cli.module';
import { exitFromUsage, UsageError } from './cli/command';
import { harmless } from './cli/terminal';

/** The command line as a process. */
async function main(): Promise<void> {
  const app = await CommandFactory.createWithoutRunning(CliModule, {
    cliName: 'doorward',
    logger: false,
    errorHandler: exitFromUsage,
    serviceErrorHandler: report,
  });
  await CommandFactory.runApplication(app);
  await app.close();
}

function report(error: Error): void {
  const { exitCode, message } = error instanceof UsageError ? error : failureOf(error);
  // It may name what stands in a file.
  if (message !== '') process.stderr.write(`${harmless(message)}\n`);
  process.exitCode = exitCode;
}

// `doorward … | head`: the reader has seen enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

main().then(
  () => process.exit(),
  (error: unknown) => {
    report(error as Error);
    process.exit();
  },
);
