// The design's bans as lint rules. Types, import order (.dependency-cruiser.mjs) and dead code (knip) are checked apart.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import rxjs from 'eslint-plugin-rxjs-x';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import ts from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

const typed = { projectService: { allowDefaultProject: ['*.mjs'] }, tsconfigRootDir: import.meta.dirname };

const clockBans = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is an argument: ask the Clock.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument: ask the Clock.' },
];
const apiBans = [
  ...clockBans,
  { selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]', message: 'Timers come from the Clock.' },
  { selector: "CallExpression[callee.name='forwardRef']", message: 'A cycle is a design error: split the folder.' },
];

export default ts.config(
  { ignores: ['**/dist/', 'node_modules/', 'screenshots/', 'data/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.strictTypeChecked, ...ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: typed },
  },
  {
    files: ['apps/dashboard/**/*.vue'],
    extends: [...ts.configs.recommended, ...vue.configs['flat/recommended']],
    languageOptions: { parser: vueParser, parserOptions: { parser: ts.parser }, globals: globals.browser },
  },
  { files: ['apps/dashboard/**/*.ts', 'libs/client/**/*.ts'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    extends: [rxjs.configs.strict],
  },
  {
    files: ['**/*.ts', '**/*.vue'],
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      // Decorated classes without members are Nest modules.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Without noUncheckedIndexedAccess (columns are indexed by counters that their loop bounds) it flags needed checks.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Options of a library are classes by declaration and plain objects in every use.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/class-literal-property-style': 'off',
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', 'apps/api/src/model/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...apiBans] },
  },
  {
    files: ['libs/promql/src/**/*.ts', 'libs/contracts/src/**/*.ts', 'libs/templates/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockBans] },
  },
  {
    // A service's Subject stays inside; what others see is an Observable.
    files: ['apps/api/src/**/*.ts', 'libs/client/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: { 'rxjs-x/no-exposed-subjects': 'error' },
  },
  {
    files: ['**/*.vue'],
    rules: {
      'no-restricted-exports': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  { files: ['apps/dashboard/vite.config.ts'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'rxjs-x/no-ignored-subscription': 'off',
    },
  },
  prettier,
);
