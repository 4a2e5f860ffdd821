import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProcessSettings } from '../platform/config/settings';
import { Public } from '../platform/http/access';
import { Log } from '../platform/logging/log';
import { Refusal } from './errors';
import { HealthResponse, LivenessResponse } from './health.dto';
import { ReadinessChecks } from './readiness';

@ApiTags('Operation')
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: ReadinessChecks,
    private readonly settings: ProcessSettings,
    private readonly log: Log,
  ) {}

  /** The same as /health/ready. */
  @Get()
  @Public()
  health(): Promise<HealthResponse> {
    return this.ready();
  }

  /** Whether the process runs. Says nothing about what it stands on. */
  @Get('live')
  @Public()
  live(): LivenessResponse {
    return Object.assign(new LivenessResponse(), { status: 'ok' });
  }

  /** Whether requests should be sent here: database, migrations, Redis, mail. */
  @Get('ready')
  @Public()
  async ready(): Promise<HealthResponse> {
    const readiness = await this.readiness.run();
    const detailed = this.settings.mode !== 'production';
    if (readiness.status === 'unavailable') {
      const parts = Object.entries(readiness.checks).map(([name, state]) => `${name}: ${state}`);
      this.log.warn(`Not ready (${parts.join(', ')})`);
      throw new Refusal('DEPENDENCY_UNAVAILABLE', detailed ? parts.join(', ') : undefined);
    }
    return HealthResponse.from(readiness, detailed);
  }
}
