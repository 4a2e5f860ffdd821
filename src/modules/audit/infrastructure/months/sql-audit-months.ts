import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { AuditMonths } from '../../application/months/audit-months.port';

/** The service may not make tables: a function of their owner does. */
@Injectable()
export class SqlAuditMonths extends AuditMonths {
  constructor(private readonly database: Database) {
    super();
  }

  async makeAhead(months: number): Promise<number> {
    const [row] = await this.database.writer.query<{ made: number }[]>('SELECT audit_months_ahead($1) AS made', [
      months,
    ]);
    return row?.made ?? 0;
  }
}
