import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_KEY_SCHEME, BEARER_SCHEME } from '../platform/http/access';

/** Beside `src` and `dist` alike. */
const MANIFEST = join(__dirname, '..', '..', 'package.json');
const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { readonly version: string };

/** The OpenAPI document of the running version. The same on every machine: it names no host. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Doorward')
    .setDescription(
      'A self-hosted authentication and access service. Register or sign in, press **Authorize**, paste the access token. ' +
        'Errors are `application/problem+json`; [every code is explained](/docs/errors).',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
      BEARER_SCHEME,
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' }, API_KEY_SCHEME)
    .addTag('Signing in', 'Registration, sign-in, refresh, sign-out')
    .addTag('Sessions', 'Where the caller is signed in')
    .addTag('Tokens', 'Introspection and revocation')
    .addTag('API keys', 'For programs')
    .addTag('Users', 'Profiles')
    .addTag('Tenants', 'What a tenant decides for its members')
    .addTag('Roles', 'Who may do what')
    .addTag('Audit', 'What happened, and who did it')
    .addTag('Discovery', 'What resource servers read')
    .addTag('Operation', 'What balancers and monitors ask')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  nameSuccesses(document);
  sortByName(document);
  return document;
}

/** Nothing of the document follows from the order in which modules are imported; two of them may serve one path. */
function sortByName(document: OpenAPIObject): void {
  document.paths = sorted(document.paths);
  for (const [path, operations] of Object.entries(document.paths)) document.paths[path] = sorted(operations);
  if (document.components?.schemas) document.components.schemas = sorted(document.components.schemas);
}

function sorted<Named extends object>(named: Named): Named {
  return Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1))) as Named;
}

/** The standard asks every response for a description; a success needs no more words than its status has. */
function nameSuccesses({ paths }: OpenAPIObject): void {
  for (const path of Object.values(paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      for (const [status, response] of Object.entries(operation?.responses ?? {})) {
        if (response && 'description' in response) response.description ||= STATUS_CODES[status] ?? status;
      }
    }
  }
}

/** Serves the document at /docs-json and Swagger UI at /docs. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Doorward API',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}
