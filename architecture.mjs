/**
 * The import orders of Opsroom. In each list a folder may import itself and what stands before it, nothing else.
 * The import checker (.dependency-cruiser.mjs) enforces them and docs/architecture.md prints them.
 */
export const orders = {
  libs: ['contracts', 'templates', 'promql', 'client'],
  'apps/api/src': [
    'config',
    'model',
    'sources',
    'storage',
    'ingest',
    'topics',
    'rules',
    'routing',
    'alerts',
    'notifications',
    'accounts',
    'gateways',
    'cli',
  ],
  'apps/dashboard/src': ['format', 'sockets', 'stores', 'composables', 'charts', 'components', 'pages'],
};

/** What each lib may import of the other libs; an order alone would let templates reach promql's neighbours. */
export const libImports = {
  contracts: [],
  templates: [],
  promql: ['contracts'],
  client: ['contracts'],
};

/** Which libs each app may import. */
export const appImports = {
  api: ['contracts', 'templates', 'promql'],
  dashboard: ['contracts', 'client'],
};
