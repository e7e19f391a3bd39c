// Dead code: unused files, exports and dependencies. Entries are what tools and people start.
const processes = ['test/**/writer.fixture.ts', 'bench/**/*.{ts,mjs}', 'examples/**/*.mjs'];

export default {
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs', 'test/**/*.spec.ts', 'test/support/*.mjs', 'architecture.mjs', ...processes],
      project: ['scripts/**/*.mjs', 'test/**/*.ts', 'bench/**/*.{ts,mjs}'],
      // Run by name, or part of what jest brings; the benches use what the apps depend on.
      ignoreDependencies: [
        '@jest/globals',
        '@nestjs/cli',
        'dependency-cruiser',
        'chart.js',
        'socket.io',
        'socket.io-adapter',
        'vite',
        '@nestjs/platform-fastify',
        '@nestjs/websockets',
        'reflect-metadata',
      ],
    },
    'apps/api': {
      entry: ['src/main.ts', 'src/cli.ts', 'src/**/*.spec.ts'],
      project: 'src/**/*.ts',
      // Its name is put together at run time, where the runtime has no node:sqlite.
      ignoreDependencies: ['@photostructure/sqlite'],
    },
    'apps/dashboard': {
      entry: ['src/**/*.spec.ts', 'src/**/*.worker.ts', 'public/theme.js'],
      project: 'src/**/*.{ts,vue}',
      ignoreDependencies: ['@jest/globals', 'vue-tsc', 'tailwindcss'],
    },
    'libs/client': { entry: ['src/**/*.spec.ts', 'src/browser.ts'], project: 'src/**/*.ts' },
    'libs/*': { entry: 'src/**/*.spec.ts', project: 'src/**/*.ts' },
  },
  // A type beside a used function is part of its signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreBinaries: ['apt-get', 'prometheus', 'prometheus-node-exporter', 'promtool'],
};
