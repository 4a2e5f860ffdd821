import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { Environment } from '../../src/platform/config/environment';
import { readSettings } from '../../src/platform/config/read-settings';

type Values = Readonly<Record<string, unknown>>;

const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
const lines = example.split('\n');
const assignments = lines.filter((line) => /^#?[A-Z][A-Z0-9_]*=/.test(line));
const documented = assignments.map((line) => /[A-Z][A-Z0-9_]*/.exec(line)![0]);
/** The values an operator has who takes every `#` before a variable away. */
const given = parseEnv(assignments.map((line) => line.replace(/^#/, '')).join('\n')) as Record<string, string>;

const rules = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
const declared = [...new Set(rules.map(({ propertyName }) => propertyName))];

const SECRETS = /^(?!RATE_LIMIT_).*(?:SECRET|_TOKEN|_KEY|PASSWORD)$/;

describe('.env.example', () => {
  it('lists every variable the service reads, and no other, in the order of the code', () => {
    expect(declared.length).toBeGreaterThan(50);
    expect(documented).toEqual(declared);
  });

  it.each(declared)('shows the default of %s', (name) => {
    const values = given[name] === '' ? {} : { [name]: given[name] };
    const shown = plainToInstance(Environment, values, { exposeDefaultValues: true }) as unknown as Values;
    const defaults = new Environment() as unknown as Values;
    expect(shown[name]).toEqual(defaults[name]);
    const hasDefault = defaults[name] !== undefined && defaults[name] !== '';
    expect(given[name] !== '').toBe(hasDefault);
  });

  it('holds values the service starts with, the same as without any', () => {
    expect(readSettings(given)).toEqual(readSettings({}));
  });

  it('sets nothing until somebody takes the # away', () => {
    expect(parseEnv(example)).toEqual({});
  });

  it.each(documented)('says in one to four lines what %s does', (name) => {
    const at = lines.findIndex((line) => line.startsWith(`#${name}=`));
    const comment: string[] = [];
    for (let above = at - 1; lines[above]?.startsWith('# '); above -= 1) comment.unshift(lines[above]!);
    expect(comment.length).toBeGreaterThanOrEqual(1);
    expect(comment.length).toBeLessThanOrEqual(4);
  });

  it('holds no secret, not even an example of one', () => {
    const secrets = documented.filter((name) => SECRETS.test(name));
    expect(secrets).toEqual(expect.arrayContaining(['MASTER_KEY', 'JWT_SECRET', 'JWT_PRIVATE_KEY', 'METRICS_TOKEN']));
    expect(secrets.filter((name) => given[name] !== '')).toEqual([]);
    expect(example).not.toMatch(/-----BEGIN/);
    expect(example).not.toMatch(/:\/\/[^\s/:@]+:[^\s/@]+@/);
    expect(example).not.toMatch(/[A-Za-z0-9+/]{32,}/);
  });

  it('says how the master key is made', () => {
    expect(example).toContain('openssl rand -base64 32');
  });
});
