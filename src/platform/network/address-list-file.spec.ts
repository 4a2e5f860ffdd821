import { RowScopes } from '../database/row-scope';
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettings, readSettings } from '../config/read-settings';
import { Log } from '../logging/log';
import { Chores } from '../time/chores';
import { AddressReputation } from './address-list-file';

const BAD = '203.0.113.9';
const WORSE = '203.0.113.10';
const SECRET = 'hunter2';

/** Keeps what would have been logged. */
class KeptLog extends Log {
  readonly warnings: unknown[] = [];

  constructor() {
    super('silent');
  }

  override warn(message: unknown): void {
    this.warnings.push(message);
  }
}

describe('the reputation of addresses', () => {
  let folder: string;
  let file: string;
  let log: KeptLog;
  let changes = 0;

  beforeEach(() => {
    jest.useFakeTimers();
    folder = mkdtempSync(join(tmpdir(), 'doorward-addresses-'));
    file = join(folder, 'addresses.txt');
    log = new KeptLog();
  });
  afterEach(() => {
    jest.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Each time as if some seconds after the time before. */
  function write(text: string): void {
    writeFileSync(file, text);
    changes += 1;
    utimesSync(file, 1_700_000_000 + 10 * changes, 1_700_000_000 + 10 * changes);
  }
  function started(variables: Record<string, string> = { ADDRESS_REPUTATION_FILE: file }): AddressReputation {
    const chores = new Chores(log, new RowScopes());
    const reputation = new AddressReputation(readSettings({ NODE_ENV: 'test', ...variables }).risk, chores);
    reputation.onModuleInit();
    chores.begin();
    return reputation;
  }
  const aMinute = (): Promise<void> => jest.advanceTimersByTimeAsync(60_000);
  const refusalOf = (start: () => unknown): unknown => {
    try {
      return start();
    } catch (error) {
      return error;
    }
  };

  it('is that of the file at the start', () => {
    write(`${BAD} 40\n`);
    const reputation = started();
    expect([reputation.of(BAD), reputation.of(WORSE), reputation.of(null)]).toEqual([40, 0, 0]);
  });

  it('is nobody’s where there is no file, and nothing is looked for', async () => {
    const reputation = started({});
    await aMinute();
    expect([reputation.of(BAD), reputation.of(null), log.warnings]).toEqual([0, 0, []]);
  });

  it('keeps the service from starting when a line is wrong, and names the line alone', () => {
    write(`${BAD}\n${SECRET}\n`);
    const refusal = refusalOf(started);
    expect(refusal).toBeInstanceOf(InvalidSettings);
    expect(String(refusal)).toContain('\n- ADDRESS_REPUTATION_FILE: line 2 is no address');
    expect(String(refusal)).not.toContain(SECRET);
  });

  it('keeps the service from starting when there is no such file, or it is none', () => {
    const missing = refusalOf(started);
    expect(missing).toBeInstanceOf(InvalidSettings);
    expect(String(missing)).toContain('\n- ADDRESS_REPUTATION_FILE: the file cannot be read (ENOENT)');
    mkdirSync(file);
    expect(String(refusalOf(started))).toContain('\n- ADDRESS_REPUTATION_FILE: the file cannot be read (EISDIR)');
  });

  it('follows the file within a minute, without a start', async () => {
    write(BAD);
    const reputation = started();
    write(`${WORSE} 50`);
    expect(reputation.of(BAD)).toBe(100);
    await aMinute();
    expect([reputation.of(BAD), reputation.of(WORSE), log.warnings]).toEqual([0, 50, []]);
  });

  it('also follows a file that takes the place of the other and is older', async () => {
    write(BAD);
    const reputation = started();
    write(WORSE);
    utimesSync(file, 1_500_000_000, 1_500_000_000);
    await aMinute();
    expect([reputation.of(BAD), reputation.of(WORSE)]).toEqual([0, 100]);
  });

  it('does not read a file again that is as it was', async () => {
    write(BAD);
    const reputation = started();
    const { mtime } = statSync(file);
    writeFileSync(file, WORSE);
    utimesSync(file, mtime, mtime);
    await aMinute();
    expect([reputation.of(BAD), reputation.of(WORSE)]).toEqual([100, 0]);
  });

  it('stays as it was while the file is wrong, with a warning, until it is right again', async () => {
    write(BAD);
    const reputation = started();
    write(`${WORSE}\n\n${SECRET}`);
    await aMinute();
    expect([reputation.of(BAD), reputation.of(WORSE)]).toEqual([100, 0]);
    expect(log.warnings).toEqual([
      expect.stringMatching(/^The chore address-reputation failed: ADDRESS_REPUTATION_FILE: line 3 is no .*stays$/),
    ]);
    write(WORSE);
    await aMinute();
    expect([reputation.of(BAD), reputation.of(WORSE), log.warnings.length]).toEqual([0, 100, 1]);
  });

  it('stays as it was while the file is gone, with a warning', async () => {
    write(BAD);
    const reputation = started();
    rmSync(file);
    await aMinute();
    expect(reputation.of(BAD)).toBe(100);
    expect(log.warnings).toEqual([
      expect.stringContaining('ADDRESS_REPUTATION_FILE: the file cannot be read (ENOENT)'),
    ]);
  });
});
