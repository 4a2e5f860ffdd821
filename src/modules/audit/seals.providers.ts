import type { Provider } from '@nestjs/common';
import { ArchivedMonths } from './application/seals/archived-months.port';
import { AuditKeys } from './application/seals/audit-keys.port';
import { DailyCounts } from './application/seals/daily-counts.port';
import { FollowHead } from './application/seals/follow-head';
import { HeadAnchor } from './application/seals/head-anchor.port';
import { InspectSeal } from './application/seals/inspect-seal';
import { InspectTail } from './application/seals/inspect-tail';
import { LoggedEvents } from './application/seals/logged-events.port';
import { ProveEvent } from './application/seals/prove-event';
import { RecentEvents } from './application/seals/recent-events';
import { SealAuditLog } from './application/seals/seal-audit-log';
import { SealPending } from './application/seals/seal-pending';
import { Seals } from './application/seals/seals.port';
import { VerifyAuditLog } from './application/seals/verify-audit-log';
import { VerifyOnRecord } from './application/seals/verify-on-record';
import { ErasuresOnRecord } from './infrastructure/seals/erasures-on-record';
import { EventChecks } from './infrastructure/seals/event-checks';
import { FileHeadAnchor } from './infrastructure/seals/file-head-anchor';
import { SqlArchivedMonths } from './infrastructure/seals/sql-archived-months';
import { SqlDailyCounts } from './infrastructure/seals/sql-daily-counts';
import { SqlLoggedEvents } from './infrastructure/seals/sql-logged-events';
import { SqlSeals } from './infrastructure/seals/sql-seals';
import { StoredAuditKeys } from './infrastructure/seals/stored-audit-keys';
import { SealChores } from './seal-chores';
import { SealsFacade } from './seals.facade';

/** What seals the log and holds it to its seals. */
export const sealing: readonly Provider[] = [
  SealChores,
  SealAuditLog,
  RecentEvents,
  FollowHead,
  InspectSeal,
  InspectTail,
  SealPending,
  VerifyAuditLog,
  VerifyOnRecord,
  ProveEvent,
  SealsFacade,
  ErasuresOnRecord,
  EventChecks,
  { provide: LoggedEvents, useClass: SqlLoggedEvents },
  { provide: Seals, useClass: SqlSeals },
  { provide: AuditKeys, useClass: StoredAuditKeys },
  { provide: DailyCounts, useClass: SqlDailyCounts },
  { provide: HeadAnchor, useClass: FileHeadAnchor },
  { provide: ArchivedMonths, useClass: SqlArchivedMonths },
];
