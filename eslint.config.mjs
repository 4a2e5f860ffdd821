import js from '@eslint/js';
import comments from '@eslint-community/eslint-plugin-eslint-comments/configs';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const timeIsAnInput = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an input: take `now` from the unit of work or the Clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is an input: take `now` from the unit of work or the Clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Math.random is predictable: take bytes from the Random port.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'A name is searchable, a default export is not.' },
];

const ONE_WAY_OUT = 'There is one way out, which looks where it goes (OA-07): the OutboundClient.';
const askedByNode = ['node:http', 'node:https', 'http', 'https'].map((name) => ({
  name,
  importNames: ['default', 'request', 'get', 'Agent'],
  message: ONE_WAY_OUT,
}));
const askedByOthers = ['undici', 'node:http2', 'http2'].map((name) => ({ name, message: ONE_WAY_OUT }));

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'data', 'node_modules', '**/*.cjs', 'jest.config.js', 'eslint.config.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  comments.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 5 }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      'no-restricted-syntax': ['error', ...timeIsAnInput],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read once, in platform/config.' },
        { object: 'globalThis', property: 'fetch', message: ONE_WAY_OUT },
      ],
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Rows and DTOs are classes for their decorators alone; an object of the same shape is one of them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Characters are counted in code points throughout, which is what spreading a text gives.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
    },
  },
  {
    files: ['src/modules/*/application/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              allowImportNames: ['Injectable'],
              message: 'A use case knows of Nest only that it is Injectable.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/platform/network/outbound/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...['fetch', 'WebSocket'].map((name) => ({ name, message: ONE_WAY_OUT }))],
      'no-restricted-imports': ['error', { paths: [...askedByNode, ...askedByOthers] }],
    },
  },
  {
    // The processes are where the environment, the real clock and the terminal come in.
    files: ['src/main.ts', 'src/cli.ts', 'src/platform/config/**', 'src/platform/time/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.row.ts', '**/*.dto.ts', '**/settings.ts', 'test/**', '**/*.spec.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['test/**', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' },
  },
  prettier,
);
