import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_KEY_SCHEME, BEARER_SCHEME } from '../platform/http/access';

const VERSION = '0.1.0';

/** The OpenAPI document of the running version. The same on every machine: it names no host. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Doorward')
    .setDescription(
      'A self-hosted authentication and access service. Register or sign in, press **Authorize**, paste the access token. ' +
        'Errors are `application/problem+json`; [every code is explained](/docs/errors).',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
      BEARER_SCHEME,
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' }, API_KEY_SCHEME)
    .addTag('Signing in', 'Registration, sign-in, refresh, sign-out')
    .addTag('Users', 'Profiles')
    .addTag('Audit', 'What happened, and who did it')
    .addTag('Discovery', 'What resource servers read')
    .addTag('Operation', 'What balancers and monitors ask')
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Serves the document at /docs-json and Swagger UI at /docs. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Doorward API',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}
