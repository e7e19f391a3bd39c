// Dead code: unused files, exports and dependencies. Entries are what tools and people start.
export default {
  workspaces: {
    '.': {
      entry: [
        'scripts/*.mjs',
        'test/**/*.spec.ts',
        'test/support/*.mjs',
        'bench/*.{ts,mjs}',
        'examples/**/*.mjs',
        'architecture.mjs',
      ],
      project: ['scripts/**/*.mjs', 'test/**/*.ts', 'bench/**/*.{ts,mjs}'],
      ignoreDependencies: ['jest-environment-jsdom', '@nestjs/cli'],
    },
    'apps/api': { entry: ['src/main.ts', 'src/**/*.spec.ts'], project: 'src/**/*.ts' },
    'apps/dashboard': {
      entry: ['src/main.ts', 'src/**/*.spec.ts', 'src/**/*.worker.ts', 'public/theme.js'],
      project: 'src/**/*.{ts,vue}',
    },
    'libs/*': { entry: ['src/index.ts', 'src/schemas.ts', 'src/**/*.spec.ts'], project: 'src/**/*.ts' },
  },
  // A lib's index is its public face; a type beside a used function is part of its signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreBinaries: ['chromium', 'promtool'],
};
