import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../app.module';
import { openApiDocument } from '../http/openapi';
import { readSettings } from '../platform/config/read-settings';
import { setBasePath } from './http-application';

/** The OpenAPI document, without a database: nothing is started, only described. */
export async function describeService(): Promise<OpenAPIObject> {
  const root = AppModule.forRoot(readSettings({ NODE_ENV: 'test' }), 0);
  const options = { preview: true, logger: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), options);
  setBasePath(app);
  return openApiDocument(app);
}
