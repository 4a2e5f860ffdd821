import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { PersonalData, type PersonalRecords } from '../../../platform/privacy/personal-data';
import { userExported } from '../identity.events';

export type PersonalExport = { readonly records: PersonalRecords; readonly at: Date };

/** Everything that is held about the caller, by section. That it was read is on record. */
@Injectable()
export class ExportPersonalData {
  constructor(
    private readonly personal: PersonalData,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  execute(by: Principal): Promise<PersonalExport> {
    return this.work.run(async (at) => {
      await this.events.append(userExported(by));
      return { records: await this.personal.of(by.userId), at };
    });
  }
}
