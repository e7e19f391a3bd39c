// Three projects: node specs (libs and api), page specs (jsdom), and what crosses folders (test/).
const lib = (name) => `<rootDir>/libs/${name}/src/index.ts`;

const node = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@opsroom/contracts/schemas$': '<rootDir>/libs/contracts/src/schemas.ts',
    '^@opsroom/contracts$': lib('contracts'),
    '^@opsroom/templates$': lib('templates'),
    '^@opsroom/promql$': lib('promql'),
    '^@opsroom/client$': lib('client'),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': '<rootDir>/test/support/ts-transform.mjs' },
};

export default {
  maxWorkers: 2,
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: ['<rootDir>/libs/*/src/**/*.spec.ts', '<rootDir>/apps/api/src/**/*.spec.ts'],
    },
    {
      ...node,
      displayName: 'page',
      testMatch: ['<rootDir>/apps/dashboard/src/**/*.spec.ts'],
      testEnvironment: 'jsdom',
      testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
      setupFiles: ['<rootDir>/test/support/page-globals.mjs'],
      extensionsToTreatAsEsm: ['.ts', '.vue'],
      moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'vue'],
      transform: { ...node.transform, '^.+\\.vue$': '<rootDir>/test/support/vue-sfc-transform.mjs' },
    },
    {
      ...node,
      displayName: 'whole',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
    },
  ],
};
