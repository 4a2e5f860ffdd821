import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { AppModule } from '../app.module';
import { logRequests } from '../http/access-log';
import { AllowedMethods } from '../http/allowed-methods';
import { parseBodies } from '../http/body-parsing';
import { answerUnreadableAddress } from '../http/broken-connection';
import { CONNECTION_LIMITS, serverFactory } from '../http/connections';
import { Draining } from '../http/draining';
import { refuseEarly } from '../http/early-refusal';
import { HashingInterceptor } from '../http/hashing.interceptor';
import { serveDocs } from '../http/openapi';
import { keepPathsApart } from '../http/own-paths';
import { carryRequestContext } from '../http/request-context.hooks';
import { SECURITY_HEADERS, setCachingAndDocsPolicy } from '../http/response-headers';
import type { Settings } from '../platform/config/settings';
import { DeviceCookie } from '../platform/http/device-cookie';
import { RowScopes } from '../platform/database/row-scope';
import { RequestContext } from '../platform/http/request-context';
import { Log } from '../platform/logging/log';
import { trustIn } from '../platform/network/client-address';

const BODY_LIMIT_BYTES = 100 * 1024;
const PREFLIGHT_SECONDS = 600;
const EXPOSED_HEADERS = ['X-Request-ID', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'WWW-Authenticate'];
const REQUEST_ID = /^[\w-]{1,64}$/;

/** The routes outside the base path: what monitors, resource servers and readers know by heart, and pages for people. */
const OUTSIDE = [
  'health',
  'health/live',
  'health/ready',
  '.well-known/jwks.json',
  '.well-known/oauth-authorization-server',
  'docs/errors',
  'verify-email',
  'reset-password',
  'confirm-email-change',
  'undo-email-change',
  'accept-invitation',
  'sign-in/second-factor',
  'sign-in/second-factor/send',
];

/**
 * The service over HTTP, complete but not yet listening.
 * @param patienceMs how long to wait for another process to let go of the embedded database
 */
export async function createHttpApplication(
  settings: Settings,
  patienceMs: number,
  limits = CONNECTION_LIMITS,
): Promise<NestFastifyApplication> {
  const { process: server } = settings;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    serverFactory: serverFactory(server.publicUrl, limits),
    // Not even behind a proxy is X-Forwarded-Host or -Proto believed; the address is our own affair (client-address.ts).
    trustProxy: false,
    requestIdHeader: false,
    genReqId: requestId,
    // While draining, a request on a kept connection is still served.
    return503OnClosing: false,
    frameworkErrors: answerUnreadableAddress(server.publicUrl),
    // The server of our making answers itself; Fastify would add an answer of its own.
    clientErrorHandler: () => undefined,
  });
  const log = new Log(server.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(settings, patienceMs), adapter, {
    logger: log,
    bodyParser: false,
    abortOnError: false,
  });
  await configure(app, settings, log);
  return app;
}

async function configure(app: NestFastifyApplication, settings: Settings, log: Log): Promise<void> {
  const { process: server } = settings;
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', app.get(AllowedMethods).add);
  parseBodies(fastify);
  // In the order requests meet them: an answer of the CORS plugin has the headers of the others too.
  await app.register(plugin(hooks(app, settings, log)));
  await app.register(helmet, SECURITY_HEADERS);
  await app.register(cookie);
  await app.register(cors, {
    origin: [...server.corsOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
  await app.register(plugin(earlyRefusals(app)));
  setBasePath(app);
  if (server.docs) serveDocs(app);
  await app.init();
}

function hooks(app: NestFastifyApplication, { process: server }: Settings, log: Log) {
  return (fastify: FastifyInstance, _options: unknown, done: () => void): void => {
    carryRequestContext(
      fastify,
      { context: app.get(RequestContext), scopes: app.get(RowScopes) },
      trustIn(server.trustedProxies),
    );
    closeWhileDraining(fastify, app.get(Draining));
    logRequests(fastify, log);
    setCachingAndDocsPolicy(fastify);
    if (!server.authEnabled) fastify.addHook('onRequest', sayAuthenticationIsOff);
    done();
  };
}

function earlyRefusals(app: NestFastifyApplication) {
  return (fastify: FastifyInstance, _options: unknown, done: () => void): void => {
    keepPathsApart(fastify, app.get(AllowedMethods));
    refuseEarly(fastify, app.get(HashingInterceptor), app.get(DeviceCookie));
    done();
  };
}

/** Every route is below the base path but those monitors, resource servers and readers know by heart. */
export function setBasePath(app: NestFastifyApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE });
}

function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function closeWhileDraining(fastify: FastifyInstance, draining: Draining): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (draining.isDraining) void reply.header('Connection', 'close');
    done();
  });
}

function sayAuthenticationIsOff(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  void reply.header('X-Doorward-Auth', 'disabled');
  done();
}
