import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../platform/http/access';
import { errorPage } from './error-page';

@ApiExcludeController()
@Controller('docs')
export class DocsController {
  private readonly page = errorPage();

  /** Every error code with its cause and its cure. Served with DOCS=off too: every error points here. */
  @Get('errors')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Public()
  errors(): string {
    return this.page;
  }
}
