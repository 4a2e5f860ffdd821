// The house's arrows, checked by `npm run boundaries`. docs/architecture.md draws the same picture.
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const inModule = '^src/modules/([^/]+)/';
const mayOnlyUse = (module, ...lower) =>
  forbid(
    `order:${module}`,
    `${module} may use: ${lower.join(', ') || 'no other module'}`,
    { path: `^src/modules/${module}/` },
    { path: `^src/modules/(?!(${[module, ...lower].join('|')})/)` },
  );

module.exports = {
  forbidden: [
    forbid('no-circles', 'Two files that need each other are one idea, or hide a third.', {}, { circular: true }),

    forbid(
      'domain-is-pure',
      'Domain sees itself and the kernel. No npm, no node:, no framework.',
      { path: `${inModule}domain/`, pathNot: '\\.spec\\.ts$' },
      { pathNot: ['^src/kernel/', '^src/modules/$1/domain/'] },
    ),

    forbid(
      'application-sees-ports',
      'No adapters, no HTTP, no npm but @nestjs/common (which ESLint narrows to Injectable).',
      { path: `${inModule}application/`, pathNot: '\\.spec\\.ts$' },
      {
        path: [
          '/infrastructure/',
          '^src/modules/[^/]+/http/',
          '^src/platform/http/',
          '^src/(http|cli|boot)/',
          '^src/platform/database/(database|data-source|embedded|migrations)\\.ts$',
          'node_modules/(?!@nestjs/common/)',
        ],
      },
    ),

    forbid(
      'front-door',
      'Another module is its .facade, .events and (in @Module imports) .module file.',
      { path: inModule },
      {
        path: '^src/modules/',
        pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/[^/]+\\.(facade|events|module)\\.ts$'],
      },
    ),

    forbid(
      'edges-use-front-doors',
      'http/, cli/ and boot/ see modules the way modules see each other.',
      { path: '^src/(http|cli|boot)/' },
      { path: '^src/modules/[^/]+/.+/' },
    ),

    forbid(
      'platform-knows-no-business',
      'platform/ would be useful in another product.',
      { path: '^src/platform/' },
      { path: '^src/(modules|http|cli|boot)/' },
    ),

    forbid(
      'kernel-knows-nothing',
      'kernel/ imports nothing.',
      { path: '^src/kernel/', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^src/kernel/' },
    ),

    forbid(
      'settings-have-one-reader',
      'Only the settings and the two processes see the environment.',
      { path: '^src/(?!platform/config/|main\\.ts|cli\\.ts)' },
      { path: '^(node:)?process$' },
    ),

    mayOnlyUse('identity'),
    mayOnlyUse('audit'),
    mayOnlyUse('mfa', 'identity'),
    mayOnlyUse('tenancy', 'identity'),
    mayOnlyUse('tokens', 'tenancy', 'mfa', 'identity'),
    mayOnlyUse('signin', 'identity', 'tenancy', 'mfa', 'tokens'),
    mayOnlyUse('federation', 'signin', 'tokens', 'identity', 'tenancy'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
  },
};
