import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { violatedUnique } from '../../../platform/database/failures';
import { Users } from '../application/users.port';
import { emailKey } from '../domain/email-address';
import { EmailTaken, UsernameTaken } from '../domain/errors';
import { User } from '../domain/user';
import { usernameKey } from '../domain/username';
import { UserRow } from './user.row';

@Injectable()
export class TypeOrmUsers extends Users {
  constructor(private readonly database: Database) {
    super();
  }

  async add(user: User): Promise<void> {
    await naming(this.database.writer.insert(UserRow, user.snapshot()));
  }

  async save(user: User): Promise<void> {
    const { id, ...columns } = user.snapshot();
    await naming(this.database.writer.update(UserRow, { id }, columns));
  }

  async noteSignIn(id: UserId, at: Date): Promise<void> {
    await this.database.writer.update(UserRow, { id }, { lastLoginAt: at });
  }

  async take(id: UserId): Promise<User | null> {
    const row = await this.database.writer.findOne(UserRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return row && User.restore(row);
  }

  async remove(id: UserId): Promise<void> {
    await this.database.writer.delete(UserRow, { id });
  }

  async holdSystemAdministrators(): Promise<readonly UserId[]> {
    const held = await this.database.writer.find(UserRow, {
      where: { systemAdministrator: true, status: 'active' },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    return held.map(({ id }) => id);
  }

  find(id: UserId): Promise<User | null> {
    return this.findWhere({ id });
  }

  findByLogin(login: string): Promise<User | null> {
    return this.findWhere(byLogin(login));
  }

  private async findWhere(where: FindOptionsWhere<UserRow>): Promise<User | null> {
    const row = await this.database.reader.findOneBy(UserRow, where);
    return row && User.restore(row);
  }
}

/** A username has no @, so a login is read one way only. */
export function byLogin(login: string): FindOptionsWhere<UserRow> {
  return login.includes('@') ? { emailKey: emailKey(login) } : { usernameKey: usernameKey(login) };
}

/** The constraint that refused a write says which field was taken. */
async function naming(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const constraint = violatedUnique(error);
    if (constraint === 'users_email_unique') throw new EmailTaken({ cause: error });
    if (constraint === 'users_username_unique') throw new UsernameTaken({ cause: error });
    throw error;
  }
}
