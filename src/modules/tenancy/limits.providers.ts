import { ClaimQuota } from './application/limits/claim-quota';
import { CountUsage } from './application/limits/count-usage';
import { DailyStandings } from './application/limits/daily-standings';
import { LimitsAdministration } from './application/limits/limits-administration';
import { MailAllowance } from './application/limits/mail-allowance';
import { MessagePlaces } from './application/limits/message-places';
import { Quotas } from './application/limits/quotas.port';
import { RemoveOldUsage } from './application/limits/remove-old-usage';
import { UsageQueries } from './application/limits/usage-queries';
import { UsageStore } from './application/limits/usage-store.port';
import { UsageTally } from './application/limits/usage-tally';
import { WriteUsage } from './application/limits/write-usage';
import { LimitsController } from './http/limits/limits.controller';
import { UsageController } from './http/limits/usage.controller';
import { SqlQuotas } from './infrastructure/limits/sql-quotas';
import { SqlUsageStore } from './infrastructure/limits/sql-usage-store';
import { UsageChores } from './usage-chores';
import { UsageFacade } from './usage.facade';
import { UsageSubscriptions } from './usage-subscriptions';

export const limitsControllers = [LimitsController, UsageController];

export const limitsProviders = [
  ClaimQuota,
  CountUsage,
  DailyStandings,
  LimitsAdministration,
  MailAllowance,
  MessagePlaces,
  RemoveOldUsage,
  UsageChores,
  UsageFacade,
  UsageQueries,
  UsageSubscriptions,
  UsageTally,
  WriteUsage,
  { provide: Quotas, useClass: SqlQuotas },
  { provide: UsageStore, useClass: SqlUsageStore },
];
