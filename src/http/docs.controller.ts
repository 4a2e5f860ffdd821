import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ProcessSettings } from '../platform/config/settings';
import { Public } from '../platform/http/access';
import { errorPage } from './error-page';
import { Refusal } from './errors';

@ApiExcludeController()
@Controller('docs')
export class DocsController {
  private readonly page = errorPage();

  constructor(private readonly settings: ProcessSettings) {}

  /** Every error code with its cause and its cure. */
  @Get('errors')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Public()
  errors(): string {
    if (!this.settings.docs) throw new Refusal('NOT_FOUND');
    return this.page;
  }
}
