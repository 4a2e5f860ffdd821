// Nest 12 and several of its neighbours ship ESM only, and Jest cannot require() ESM on Node 20, so every installed
// package that is an ES module is compiled to CommonJS by swc (kept on disk after the first run).
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** The names of all packages under a node_modules folder, nested ones too, whose files are ES modules. */
function esmPackages(folder, found = new Set()) {
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith('.')) continue;
    const root = join(folder, entry);
    if (entry.startsWith('@')) {
      esmPackages(root, found);
      continue;
    }
    const manifest = join(root, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name, type, main } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (name && (type === 'module' || String(main).endsWith('.mjs'))) found.add(name);
    if (existsSync(join(root, 'node_modules'))) esmPackages(join(root, 'node_modules'), found);
  }
  return found;
}

// CommonJS packages that load others by import(), which Jest's sandbox cannot do either.
const importing = ['@fastify/cookie'];
const esm = [...esmPackages(join(__dirname, 'node_modules')), ...importing].map((name) =>
  name.replace(/[.+]/g, '\\$&'),
);
const target = { target: 'es2023', keepClassNames: true };
const typescript = {
  jsc: {
    ...target,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
const javascript = {
  jsc: { ...target, parser: { syntax: 'ecmascript' } },
  module: { type: 'commonjs' },
  sourceMaps: false,
};
const common = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', typescript], '^.+\\.[cm]?js$': ['@swc/jest', javascript] },
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(?:${esm.join('|')})/)`],
};
const withServers = {
  globalSetup: '<rootDir>/test/support/servers.setup.ts',
  globalTeardown: '<rootDir>/test/support/servers.teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
};

module.exports = {
  // Two cores are what the suite is sized for; each worker may hold an embedded database.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/slowest-first.cjs',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/unit/**/*.spec.ts'] },
    { ...common, ...withServers, displayName: 'contracts', testMatch: ['<rootDir>/test/contracts/**/*.int-spec.ts'] },
    {
      ...common,
      ...withServers,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.int-spec.ts'],
    },
    { ...common, ...withServers, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
  ],
};
