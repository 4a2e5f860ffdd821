import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { FactorQueries, type FactorView } from '../application/standing/factor-queries';
import { FACTOR_TYPES } from '../domain/method';

@Injectable()
export class SqlFactorQueries extends FactorQueries {
  constructor(private readonly database: Database) {
    super();
  }

  listOf(user: UserId): Promise<readonly FactorView[]> {
    return this.database.reader.query<FactorView[]>(
      `SELECT id, type, label, confirmed_at AS "confirmedAt", last_used_at AS "lastUsedAt", held_until AS "heldUntil"
       FROM factors WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY array_position($2::text[], type)`,
      [user, FACTOR_TYPES],
    );
  }
}
