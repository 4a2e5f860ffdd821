const typescript = {
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
const common = {
  // Packages are loaded once a worker, and not once a file: docs/adr/0026.
  testEnvironment: '<rootDir>/test/support/one-realm.environment.cjs',
  runtime: '<rootDir>/test/support/packages-once.runtime.cjs',
  transform: { '^.+\\.ts$': ['@swc/jest', typescript] },
};
const withServers = {
  globalSetup: '<rootDir>/test/support/servers.setup.ts',
  globalTeardown: '<rootDir>/test/support/servers.teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
};

module.exports = {
  // Two cores are what the suite is sized for; each worker may hold an embedded database.
  maxWorkers: 2,
  // What packages keep of each file adds up, and collecting it would take longer than beginning anew.
  workerIdleMemoryLimit: '1GB',
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
