import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { processEnvironment } from '../platform/config/process-environment';
import { readSettings } from '../platform/config/read-settings';
import { type Settings } from '../platform/config/settings';
import { noRequest, RequestContext } from '../platform/http/request-context';

/** The service as a command sees it: opened for one piece of work, through the same use cases as over HTTP. */
@Injectable()
export class Service {
  /** Throws InvalidSettings. */
  settings(): Settings {
    return readSettings(processEnvironment());
  }

  /** Does the work as actor `cli` and closes the service again. A running server's embedded database is refused at once. */
  async use<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const root = AppModule.forRoot(this.settings(), 0);
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    try {
      return await app.get(RequestContext).run(noRequest('cli'), () => work(app));
    } finally {
      await app.close();
    }
  }
}
