import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { isUuid, userId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { Clock } from '../../../platform/time/clock';
import { type UserPage, UserQueries, type UserView, viewOf } from '../application/user-queries';
import { usernameKey } from '../domain/username';
import { byLogin } from './typeorm-users';
import { UserRow } from './user.row';

@Injectable()
export class TypeOrmUserQueries extends UserQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(id: UserId): Promise<UserView | null> {
    const row = await this.database.reader.findOneBy(UserRow, { id });
    return row && viewOf(row);
  }

  async findByReference(reference: string): Promise<UserView | null> {
    const where = isUuid(reference) ? { id: userId(reference) } : byLogin(reference);
    const row = await this.database.reader.findOneBy(UserRow, where);
    return row && viewOf(row);
  }

  async list(limit: number, cursor: UserId | null): Promise<UserPage> {
    const where = cursor === null ? {} : { id: MoreThan(cursor) };
    const rows = await this.database.reader.find(UserRow, { where, order: { id: 'ASC' }, take: limit + 1 });
    const items = rows.slice(0, limit).map(viewOf);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async isUsernameTaken(username: string | null): Promise<boolean> {
    if (username === null) return false;
    const sql = `SELECT 1 FROM users WHERE username_key = $1
       UNION ALL SELECT 1 FROM held_usernames WHERE username_key = $1 AND held_until > $2 LIMIT 1`;
    return (await this.database.reader.query<unknown[]>(sql, [usernameKey(username), this.clock.now()])).length > 0;
  }

  async firstSystemAdministrator(): Promise<UserView | null> {
    const where = { systemAdministrator: true };
    const row = await this.database.reader.findOne(UserRow, { where, order: { id: 'ASC' } });
    return row && viewOf(row);
  }
}
