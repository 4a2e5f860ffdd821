import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ExportPersonalData } from '../application/export-personal-data';
import { PersonalDataResponse } from './personal-data.dto';

@ApiTags('Users')
@Controller('users/me')
export class PersonalDataController {
  constructor(private readonly exportData: ExportPersonalData) {}

  /** Everything that is held about the caller, without secrets. */
  @Get('export')
  @FreshlySignedIn()
  @RateLimited({ name: 'personal_data', by: 'caller', uncounted: 'serve' })
  @Header('Content-Disposition', 'attachment; filename="doorward-export.json"')
  async export(@CurrentPrincipal() by: Principal): Promise<PersonalDataResponse> {
    return PersonalDataResponse.from(await this.exportData.execute(by));
  }
}
