import type { Readiness } from './readiness';

export class HealthChecks {
  database!: 'up' | 'down';
  migrations!: 'up' | 'pending' | 'down';
  redis!: 'up' | 'down' | 'not_configured';
  /** `down`: mails wait for the mail server, or are given up. `not_configured`: they are files. */
  mail!: 'up' | 'down' | 'not_configured';
}

export class HealthResponse {
  /** `degraded`: serving, with something missing. */
  status!: 'ok' | 'degraded';
  /** Not shown in production. */
  checks?: HealthChecks;

  static from({ status, checks }: Readiness, detailed: boolean): HealthResponse {
    return Object.assign(new HealthResponse(), {
      status,
      ...(detailed && { checks: Object.assign(new HealthChecks(), checks) }),
    });
  }
}

export class LivenessResponse {
  /** @example "ok" */
  status!: string;
}
