import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_ACTIONS, type AuditAction, entryOf } from '../../src/platform/events/catalogue/catalogue';
import { describeService } from '../../src/boot/describe';
import { Background } from '../../src/platform/concurrency/background';
import { ACCOUNT_DEEDS } from '../support/audited/account-deeds';
import { AUDIT_DEEDS } from '../support/audited/audit-deeds';
import type { Deed, Deeds } from '../support/audited/deed';
import { ENTRY_DEEDS } from '../support/audited/entry-deeds';
import { FEDERATION_DEEDS } from '../support/audited/federation-deeds';
import { MEMBER_DEEDS } from '../support/audited/member-deeds';
import { ASKING_COMMANDS, COMMAND_DEEDS, COMMANDS_SEEN_ELSEWHERE } from '../support/audited/command-deeds';
import { commandClasses, typed } from '../support/audited/commands';
import { AuditRecord, type Left, lineOf } from '../support/audited/record';
import { RIGHT_DEEDS } from '../support/audited/right-deeds';
import { SECOND_FACTOR_DEEDS } from '../support/audited/second-factor-deeds';
import { Stage } from '../support/audited/stage';
import { TENANT_DEEDS } from '../support/audited/tenant-deeds';
import type { Answer } from '../support/client';
import { aService, type TestService } from '../support/service';

const DEEDS: Deeds = {
  ...ENTRY_DEEDS,
  ...ACCOUNT_DEEDS,
  ...SECOND_FACTOR_DEEDS,
  ...MEMBER_DEEDS,
  ...TENANT_DEEDS,
  ...RIGHT_DEEDS,
  ...AUDIT_DEEDS,
  ...FEDERATION_DEEDS,
};

/** What only time, a crash or another service on the same database brings about, and the test that sees it. */
const SEEN_ELSEWHERE: Readonly<Partial<Record<AuditAction, string>>> = {
  'api_key.used': 'test/contracts/key-uses.int-spec.ts',
  'audit.archived': 'test/integration/audit/archive.int-spec.ts',
  'mfa.codes_paused': 'test/integration/mfa/sent-factors.int-spec.ts',
  'mfa.factor_stopped': 'test/integration/mfa/codes.int-spec.ts',
  'signing_key.scheduled': 'test/integration/tokens/signing-keys.int-spec.ts',
  'system.mail_retried': 'test/e2e/mail-command-line.e2e-spec.ts',
  'system.migrated': 'test/e2e/command-line.e2e-spec.ts',
  'tenant.purged': 'test/integration/tenancy/tenants.int-spec.ts',
};

describe('whatever is done', () => {
  let service: TestService;
  let record: AuditRecord;
  let stage: Stage;
  const seen = new Set<string>();

  beforeAll(async () => {
    service = await aService({ hashesOnce: true, variables: { OAUTH_KEEP_PROVIDER_TOKENS: 'on' } });
    [record, stage] = [new AuditRecord(service), new Stage(service)];
  });
  afterAll(() => service.stop());

  it('begins with the keys and roles a start makes', async () => {
    const left = await record.since('0');
    expect(left.map(lineOf)).toEqual([
      'signing_key.created success system signing_key -',
      'signing_key.created success system signing_key -',
      'system.roles_seeded success system - -',
    ]);
    for (const event of left) expectListed(event);
  });

  it('has a case for every operation, and none for an operation there is not', async () => {
    const { paths } = await describeService();
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    expect(Object.keys(DEEDS).sort()).toEqual(operations.sort());
  });

  it('has a case for every command that changes something', () => {
    const named = [...Object.keys(COMMAND_DEEDS), ...ASKING_COMMANDS, ...Object.keys(COMMANDS_SEEN_ELSEWHERE)];
    expect(named.sort()).toEqual([...commandClasses().keys()].sort());
  });

  const commands = Object.entries(COMMAND_DEEDS).flatMap(([name, deeds]) =>
    deeds.map((deed) => ({ title: deed.when === undefined ? name : `${name}, when ${deed.when}`, name, deed })),
  );

  // First, for there is no system administrator yet.
  it.each(commands)('leaves its events and no others at the command line: $title', async ({ name, deed }) => {
    const what = await deed.by(stage);
    await settled();
    const before = await record.newest();
    await typed(stage, commandClasses().get(name)!, what);
    await settled();
    const left = await record.since(before);
    expect(left.map(lineOf)).toEqual(deed.leaves);
    for (const event of left) {
      expect([event.request_id, record.originOf(event)]).toEqual([null, { ipAddress: null, userAgent: null }]);
      expectListed(event);
    }
  });

  const titled = Object.entries(DEEDS).flatMap(([operation, deeds]) =>
    deeds.map((deed) => ({ title: deed.when === undefined ? operation : `${operation}, when ${deed.when}`, deed })),
  );

  it.each(titled)('leaves its events and no others: $title', async ({ deed }) => {
    const act = await deed.by(stage);
    await settled();
    const before = await record.newest();
    const answer = await act();
    await settled();
    const left = await record.since(before);
    expect([answer.status, left.map(lineOf)]).toEqual([deed.status, deed.leaves]);
    for (const event of left) {
      expectWhole(event, answer, deed);
    }
  });

  // Last, when all else was done.
  it('is every action of the catalogue, but for what is seen elsewhere', () => {
    const elsewhere = Object.keys(SEEN_ELSEWHERE);
    expect([...seen, ...elsewhere].sort()).toEqual(Object.keys(AUDIT_ACTIONS).sort());
    const blind = Object.entries(SEEN_ELSEWHERE).filter(
      ([action, file]) => !readFileSync(join(__dirname, '../..', file), 'utf8').includes(action),
    );
    expect(blind).toEqual([]);
  });

  /** What an answer does not wait for is done. */
  const settled = (): Promise<void> => service.app.get(Background).idle();

  /** Who, when, from where, and nothing that the catalogue does not know. */
  function expectWhole(event: Left, { headers }: Answer, { userAgent = 'node' }: Deed): void {
    expect(event.request_id).toBe(headers.get('x-request-id'));
    expect(record.originOf(event)).toEqual({ ipAddress: '127.0.0.1', userAgent });
    expectListed(event);
  }

  function expectListed({ id, occurred_at: at, action, outcome, target_type: target, details }: Left): void {
    seen.add(action);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(at.getTime()).toBeLessThanOrEqual(service.clock.now().getTime());
    const entry = entryOf(action);
    expect(entry?.details).toEqual(expect.arrayContaining(Object.keys(details)));
    expect(outcome === 'success' ? entry?.happened : entry?.refused).toBeDefined();
    if (target !== null) expect(entry?.targets).toContain(target);
  }
});
