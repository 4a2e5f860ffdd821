import { setTimeout as wait } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Draining } from '../http/draining';
import type { Settings } from '../platform/config/settings';
import { RowScopes } from '../platform/database/row-scope';
import { Log } from '../platform/logging/log';
import { smtpConcerns } from '../platform/mail/smtp-options';
import { Chores } from '../platform/time/chores';
import { createHttpApplication } from './http-application';
import { Installation } from './installation';
import { welcome } from './welcome';

/** `nest start --watch` starts the new process while the old one is still closing its database. */
const DATABASE_PATIENCE_MS = 10_000;
/** A little longer than balancers take to notice that readiness is gone. */
const NOTICE_MS = 250;
const DRAIN_LIMIT_MS = 30_000;
const IDLE_SWEEP_MS = 50;

export type RunningServer = {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/**
 * Prepares the database and listens. `say` gets what a person at a terminal should read, the one-time password included,
 * as soon as there is one: nothing that fails later can keep it from being shown.
 */
export async function startServer(settings: Settings, say: (text: string) => void): Promise<RunningServer> {
  const app = await createHttpApplication(settings, DATABASE_PATIENCE_MS);
  try {
    const { process: server, store } = settings;
    const log = app.get(Log);
    if (store.databaseUrl === undefined) {
      log.warn(`The database is embedded in ${store.dataDir}: for development only, it does not survive a power cut`);
    }
    if (!server.authEnabled) log.warn('AUTH_ENABLED=false: every request acts as the first administrator');
    const { smtpUrl, folder } = settings.mail;
    if (smtpUrl === undefined) log.info('SMTP_URL is not set: mails are files', { folder });
    else if (server.mode === 'production') for (const concern of smtpConcerns(smtpUrl)) log.warn(concern);
    if (server.mode === 'production' && settings.sms.provider.kind === 'file') {
      log.warn(`SMS_PROVIDER is file: text messages reach nobody, they are files in ${settings.sms.folder}`);
    }
    const installation = new Installation(app);
    const applied = await installation.prepare();
    await installation.followSettings();
    if (applied.length > 0) log.info('migrated', { migrations: applied.join(', ') });
    // In production nobody is made, and the log is all there is on standard output.
    if (server.mode !== 'production') say(welcome(settings, await installation.firstAdministrator()));
    app.get(RowScopes).closeOutside();
    await app.listen(server.port, server.host);
    app.get(Chores).begin();
    log.info('listening', { url: await app.getUrl() });
    return { app, url: await app.getUrl(), stop: () => drain(app, log) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Readiness goes first, then the requests in flight get their time, then the connections are closed. */
async function drain(app: NestFastifyApplication, log: Log): Promise<void> {
  log.info('draining');
  app.get(Draining).begin();
  await wait(NOTICE_MS);
  const server = app.getHttpServer();
  // A kept connection is idle only after its last answer; the server alone would wait for the client to hang up.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_SWEEP_MS);
  const limit = setTimeout(
    () => {
      server.closeAllConnections();
    },
    DRAIN_LIMIT_MS - NOTICE_MS - 1_000,
  );
  try {
    await app.close();
    log.info('stopped');
  } finally {
    clearInterval(sweep);
    clearTimeout(limit);
  }
}
