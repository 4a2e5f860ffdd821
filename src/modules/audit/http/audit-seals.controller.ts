import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { BoundedWork } from '../../../platform/concurrency/bounded-work';
import { Requires } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ProveEvent } from '../application/seals/prove-event';
import { type Verifier, VerifyOnRecord } from '../application/seals/verify-on-record';
import { ProofResponse, VerificationResponse, VerifyQuery } from './audit-seals.dto';

const BUDGET_MS = 5_000;

/** Hashing is done where everything else is: one at a time, and few wait for it. */
const BOUNDS = { concurrency: 1, room: 8, patienceMs: 15_000 };

const LIMITED = { name: 'audit_verify', by: 'caller', uncounted: 'refuse' } as const;

@ApiTags('Audit')
@Controller('audit-logs')
export class AuditSealsController {
  private readonly work = new BoundedWork(BOUNDS);

  constructor(
    private readonly verifying: VerifyOnRecord,
    private readonly proving: ProveEvent,
  ) {}

  /**
   * Hold the log to its seals: the events of the active tenant, or all for system administrators. Takes at most some five
   * seconds; where that was not enough, `complete` is false and `next_seal` says where to go on. Verified is only what was
   * looked at from the first seal to the last, and of which everything is sealed.
   */
  @Get('verify')
  @Requires('audit:read', 'VALIDATION_FAILED', 'OVERLOADED')
  @RateLimited(LIMITED)
  async verify(
    @CurrentPrincipal() by: Principal,
    @Query() { after_seal: after = '0' }: VerifyQuery,
  ): Promise<VerificationResponse> {
    const verify = () => this.verifying.execute(verifierOf(by), Number(after), BUDGET_MS);
    return VerificationResponse.from(await this.work.run(verify));
  }

  /** What proves that an event is in the log, to whoever has the public key. 409 in the first seconds, until it is sealed. */
  @Get(':id/proof')
  @Requires('audit:read', 'NOT_FOUND', 'CONFLICT')
  @RateLimited(LIMITED)
  async proof(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<ProofResponse> {
    if (!isUuid(id)) throw new NotFound();
    return ProofResponse.from(await this.proving.execute(id, verifierOf(by)));
  }
}

function verifierOf({ userId, tenantId, systemAdministrator }: Principal): Verifier {
  return { userId, tenantId, seesAll: systemAdministrator };
}
