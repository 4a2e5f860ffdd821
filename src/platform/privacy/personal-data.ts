import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { Database } from '../database/database';

/** What is held about a user, by section: plain rows, each column named where the section is described. */
export type PersonalRecords = Readonly<Record<string, PersonalSection>>;
export type PersonalSection = readonly Readonly<Record<string, unknown>>[];

/** How a section is read, where SQL alone does not find it: within the caller's unit of work. */
export type SectionReader = (user: UserId) => Promise<PersonalSection>;

/**
 * Where everything that is held about a user can be read (GDPR, 15 and 20). Each module describes what it holds itself,
 * once, while the application starts: no hash, no secret, and of others no more than an id.
 */
@Injectable()
export class PersonalData {
  private readonly sections = new Map<string, string | SectionReader>();

  constructor(private readonly database: Database) {}

  /** As SQL it reads the rows of the user whose id is `$1`. Throws when there is a section of that name. */
  describe(section: string, source: string | SectionReader): void {
    if (this.sections.has(section)) throw new Error(`Personal data has two sections called ${section}`);
    this.sections.set(section, source);
  }

  /** In whichever tenants it is held. */
  of(user: UserId): Promise<PersonalRecords> {
    return this.database.overAllTenants(() => this.readAll(user));
  }

  private async readAll(user: UserId): Promise<PersonalRecords> {
    const records: Record<string, PersonalSection> = {};
    for (const [section, source] of this.sections) records[section] = await this.read(source, user);
    return records;
  }

  private read(source: string | SectionReader, user: UserId): Promise<PersonalSection> {
    return typeof source === 'string' ? this.database.reader.query(source, [user]) : source(user);
  }
}
