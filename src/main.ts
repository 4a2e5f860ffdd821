import { failureOf } from './boot/failure';
import { runServer } from './boot/run-server';
import { processEnvironment } from './platform/config/process-environment';
import { readSettings } from './platform/config/read-settings';

/** The service as a process. */
async function main(): Promise<void> {
  try {
    await runServer(readSettings(processEnvironment()));
    process.exit(0);
  } catch (error) {
    const { exitCode, message } = failureOf(error);
    process.stderr.write(`${message}\n`);
    process.exit(exitCode);
  }
}

void main();
