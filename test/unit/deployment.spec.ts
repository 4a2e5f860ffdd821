import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { getMetadataStorage } from 'class-validator';
import { Environment } from '../../src/platform/config/environment';

type Service = {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
};
type Compose = {
  readonly services: Readonly<Record<'doorward' | 'postgres' | 'redis' | 'mailpit', Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};
type Step = { readonly uses?: string; readonly run?: string };
type Job = { readonly strategy?: { readonly matrix: { readonly node: readonly number[] } }; readonly steps: Step[] };
type Workflow = {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
};
type Manifest = {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

const root = join(__dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(text('package.json')) as Manifest;

describe('docker-compose.yml', () => {
  const compose = parse(text('docker-compose.yml')) as Compose;
  const { doorward, postgres, redis, mailpit } = compose.services;
  const services = Object.entries(compose.services);
  const variables = services.flatMap(([service, { environment = {} }]) =>
    Object.entries(environment).map(([name, value]) => ({ service, name, value })),
  );
  const REQUIRED = /^\$\{[A-Z_]+:\?[^}]+\}$/;

  it('starts the service with PostgreSQL, Redis and a mailbox', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['doorward', 'mailpit', 'postgres', 'redis']);
    expect(Number(/^postgres:(\d+)/.exec(postgres.image ?? '')?.[1])).toBeGreaterThanOrEqual(15);
    expect(redis.image).toMatch(/^redis:7\./);
    expect(mailpit.image).toMatch(/^axllent\/mailpit:/);
  });

  it.each(services)('watches the health of %s', (_name, { healthcheck }) => {
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it('asks the service itself whether it is ready, with what the image has', () => {
    expect(doorward.healthcheck?.test.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(doorward.healthcheck?.test[3]).toContain('/health/ready');
  });

  it('starts the service when what it stands on is healthy', () => {
    const others = services.map(([name]) => name).filter((name) => name !== 'doorward');
    expect(doorward.depends_on).toEqual(
      Object.fromEntries(others.map((name) => [name, { condition: 'service_healthy' }])),
    );
  });

  it('pins every image to a full version', () => {
    for (const { image, build } of Object.values(compose.services)) {
      expect(image ?? build).toMatch(image === undefined ? /^\.$/ : /:v?\d+\.\d+(\.\d+)?(-bookworm)?$/);
    }
  });

  it('has no secret in it and no default for one', () => {
    const secrets = variables.filter(({ name }) => /PASSWORD|SECRET|KEY|TOKEN/.test(name));
    expect(secrets.map(({ name }) => name).sort()).toEqual(['MASTER_KEY', 'POSTGRES_PASSWORD']);
    for (const { value } of secrets) expect(value).toMatch(REQUIRED);
    const inAddresses = variables.flatMap(({ value }) => /:\/\/[^:@/]*:(.*)@/.exec(value)?.[1] ?? []);
    expect(inAddresses).toHaveLength(1);
    for (const password of inAddresses) expect(password).toMatch(REQUIRED);
    expect(text('docker-compose.yml')).not.toMatch(/\$\{[A-Z_]*(?:PASSWORD|SECRET|KEY|TOKEN)(?::?-|\})/);
  });

  it('gives the service only variables it reads, production among them', () => {
    const known = getMetadataStorage()
      .getTargetValidationMetadatas(Environment, '', false, false)
      .map(({ propertyName }) => propertyName);
    expect(known).toEqual(expect.arrayContaining(Object.keys(doorward.environment ?? {})));
    expect(doorward.environment).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' });
    expect(doorward.environment?.DATABASE_URL).toMatch(/@postgres:5432\//);
    expect(doorward.environment?.REDIS_URL).toBe('redis://redis:6379');
    expect(doorward.environment?.SMTP_URL).toBe('smtp://mailpit:1025');
  });

  it('publishes the service and the mailbox on loopback and nothing else', () => {
    expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:3000:3000', '127.0.0.1:8025:8025']);
  });

  it('keeps the databases on a network that leads nowhere', () => {
    expect(compose.networks.backend).toEqual({ internal: true });
    expect([postgres.networks, redis.networks]).toEqual([['backend'], ['backend']]);
  });

  it('gives the service no more than it needs, and more time to stop than it takes itself', () => {
    expect(doorward).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(Number.parseInt(doorward.stop_grace_period ?? '', 10)).toBeGreaterThan(30);
  });
});

describe('Dockerfile', () => {
  const instructions = text('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const stages = instructions.flatMap((line, at) => (line.startsWith('FROM ') ? [at] : []));
  const final = instructions.slice(stages.at(-1));
  const valueOf = (word: string): string | undefined =>
    final.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1);

  it('builds in a stage of its own, on a pinned Debian image of a Node the package allows', () => {
    expect(stages.length).toBeGreaterThan(1);
    expect(instructions[0]).toMatch(/^FROM node:(2[02468])\.\d+\.\d+-bookworm-slim AS base$/);
    expect(manifest.engines.node).toBe('>=20.19');
  });

  it('runs as a user who is not root', () => {
    expect(valueOf('USER')).toBe('node');
    expect(final.findIndex((line) => line.startsWith('USER '))).toBeGreaterThan(
      final.findLastIndex((line) => line.startsWith('COPY ')),
    );
  });

  it('has the program, its packages and the migrations in it', () => {
    const copied = final.filter((line) => line.startsWith('COPY ')).map((line) => line.split(' ').at(-1));
    expect(copied).toEqual(expect.arrayContaining(['dist', 'node_modules', 'migrations', './']));
    expect(readdirSync(join(root, 'migrations')).some((file) => file.endsWith('.up.sql'))).toBe(true);
  });

  it('leaves the packages of development behind', () => {
    expect(instructions.some((line) => line.startsWith('RUN ') && line.includes('npm prune --omit=dev'))).toBe(true);
  });

  it('listens to every address in production and says whether it is ready', () => {
    expect(valueOf('ENV')).toBe('NODE_ENV=production HOST=0.0.0.0');
    expect(valueOf('EXPOSE')).toBe('3000');
    expect(valueOf('HEALTHCHECK')).toContain('/health/ready');
  });

  it('starts node itself, so that the signal to stop reaches it', () => {
    expect(JSON.parse(valueOf('CMD') ?? '')).toEqual(['node', 'dist/main.js']);
  });

  it('finds all it copies in the build context', () => {
    const sources = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const context = text('.dockerignore').split('\n');
    expect(context).toContain('*');
    for (const source of sources) {
      expect(context).toContain(`!${source}`);
      expect(existsSync(join(root, source))).toBe(true);
    }
  });
});

describe('Continuous integration', () => {
  const workflow = parse(text('.github/workflows/ci.yml')) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const runs = (job: Job): readonly string[] => job.steps.flatMap(({ run }) => run ?? []);

  it('runs .ci/run on every Node that is supported', () => {
    const job = jobs.find((each) => runs(each).includes('.ci/run'));
    expect(job?.strategy?.matrix.node).toEqual([20, 22, 24]);
  });

  it('looks for known vulnerabilities in what is delivered', () => {
    expect(jobs.flatMap(runs)).toContain('npm audit --omit=dev --audit-level=high');
  });

  it('may only read, and pins the actions it uses', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { uses } of jobs.flatMap(({ steps }) => steps)) expect(uses ?? 'a@v1').toMatch(/@v\d+$/);
  });

  it('has a script anybody can run, which stops at the first step that fails', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111);
    expect(text('.ci/run')).toMatch(/^#!\/usr\/bin\/env bash\n/);
    expect(text('.ci/run')).toContain('set -euo pipefail');
  });

  it('installs, checks, builds and tests, in that order', () => {
    const commands = text('.ci/run')
      .split('\n')
      .filter((line) => line.startsWith('npm '));
    expect(commands.map((line) => line.replace(/ --.*/, ''))).toEqual([
      'npm ci',
      'npm run check',
      'npm run build',
      'npm test',
    ]);
  });

  it('has a weekly look for new versions of packages, actions and images', () => {
    type Update = { readonly 'package-ecosystem': string; readonly schedule: { readonly interval: string } };
    const { updates } = parse(text('.github/dependabot.yml')) as { readonly updates: readonly Update[] };
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(
      expect.arrayContaining(['npm', 'github-actions', 'docker']),
    );
    for (const { schedule } of updates) expect(schedule.interval).toBe('weekly');
  });
});

describe('The entry points of package.json', () => {
  const sourceOf = (built: string): string => built.replace(/^dist\/(.*)\.js$/, 'src/$1.ts');

  it('has a command named doorward, which is a program', () => {
    expect(manifest.bin).toEqual({ doorward: 'dist/cli.js' });
    expect(text(sourceOf('dist/cli.js'))).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('starts a service that is there', () => {
    expect(manifest.scripts.start).toBe('node dist/main.js');
    expect(existsSync(join(root, sourceOf('dist/main.js')))).toBe(true);
  });
});
