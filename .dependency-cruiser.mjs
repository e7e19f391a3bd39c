// Import rules made from the orders of architecture.mjs: see docs/architecture.md for what they mean.
import { appImports, libImports, orders } from './architecture.mjs';

/** Folders of an app may import themselves and what stands before them in its order. */
const folderRules = Object.entries(orders)
  .filter(([root]) => root !== 'libs')
  .flatMap(([root, folders]) =>
    folders.map((folder, index) => ({
      name: `order: ${root}/${folder}`,
      comment: `${folder} may import: ${folders.slice(0, index + 1).join(', ')}`,
      severity: 'error',
      from: { path: `^${root}/${folder}/` },
      to: { path: `^${root}/(${folders.slice(index + 1).join('|') || '(?!)'})/` },
    })),
  );

const libRules = Object.entries(libImports).map(([lib, allowed]) => ({
  name: `order: libs/${lib}`,
  comment: `${lib} may import these libs: ${allowed.join(', ') || 'none'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

const appRules = Object.entries(appImports).map(([app, libs]) => ({
  name: `order: apps/${app}`,
  comment: `${app} may import these libs: ${libs.join(', ')}, and no other app`,
  severity: 'error',
  from: { path: `^apps/${app}/src/` },
  to: { path: '^(libs|apps)/', pathNot: `^(apps/${app}|libs/(${libs.join('|')}))/` },
}));

/** What the pure libs may reach outside themselves: nothing of Node, no framework. */
const pureLibs = {
  contracts: 'zod',
  templates: 're2js',
  promql: '@lezer|@prometheus-io|re2js|fastest-levenshtein',
};
const purityRules = Object.entries(pureLibs).map(([lib, packages]) => ({
  name: `pure: libs/${lib}`,
  comment: `${lib} runs anywhere: of packages it may import ${packages.split('|').join(', ')}`,
  severity: 'error',
  from: { path: `^libs/${lib}/src/`, pathNot: '\\.(spec|fixture)\\.ts$' },
  to: { path: '.', pathNot: `^(libs/|node_modules/(${packages})/)` },
}));

export default {
  forbidden: [
    ...folderRules,
    ...libRules,
    ...appRules,
    ...purityRules,
    {
      name: 'no cycles',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing imports the root',
      severity: 'error',
      comment: 'Only main imports app.module and above.',
      from: { path: '^apps/api/src/[^/]+/' },
      to: { path: '^apps/api/src/[^/]+\\.ts$' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { couldNotResolve: true, pathNot: '\\.css$|^node:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|libs)/[^/]+/dist/|^(screenshots|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
