import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { Database } from '../database/database';

/** What is held about a user, by section: plain rows, each column named where the section is described. */
export type PersonalRecords = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/**
 * Where everything that is held about a user can be read (GDPR, 15 and 20). Each module describes what it holds itself, once,
 * while the application starts: no hash, no secret, and of others no more than an id.
 */
@Injectable()
export class PersonalData {
  private readonly sections = new Map<string, string>();

  constructor(private readonly database: Database) {}

  /** `sql` reads the rows of the user whose id is `$1`. Throws when there is a section of that name. */
  describe(section: string, sql: string): void {
    if (this.sections.has(section)) throw new Error(`Personal data has two sections called ${section}`);
    this.sections.set(section, sql);
  }

  async of(user: UserId): Promise<PersonalRecords> {
    const records: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
    for (const [section, sql] of this.sections) records[section] = await this.database.reader.query(sql, [user]);
    return records;
  }
}
