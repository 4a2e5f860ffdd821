import type { Usage } from '../../application/limits/usage-store.port';
import { UsageResponse } from './usage.dto';

const COLUMNS = ['period', 'requests', 'sign_ins', 'active_users', 'mails', 'sms', 'users', 'api_keys'] as const;

/**
 * The usage as RFC 4180 has it, with a header line and the tenant's id in each line. There is nothing in it but numbers,
 * days and that id, so nothing needs quotes and no spreadsheet takes any of it for a formula.
 */
export function usageCsv(usage: Usage): string {
  const { tenant_id: tenant, items } = UsageResponse.from(usage);
  const lines = items.map((item) => [tenant, ...COLUMNS.map((column) => item[column] ?? '')].join(','));
  return [['tenant_id', ...COLUMNS].join(','), ...lines, ''].join('\r\n');
}
