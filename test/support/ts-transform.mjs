// Jest transformer: TypeScript's own transpileModule to ESM, so that decorator metadata survives without a native
// add-on. Types are checked apart, by `npm run check`.
import { createHash } from 'node:crypto';
import ts from 'typescript';

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  useDefineForClassFields: false,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
  inlineSources: true,
};
const salt = ts.version + JSON.stringify(compilerOptions);

export const compile = (source, fileName) => ({
  code: ts.transpileModule(source, { fileName, compilerOptions }).outputText,
});

export default {
  getCacheKey: (source, fileName) => createHash('sha1').update(salt).update(fileName).update(source).digest('hex'),
  process: compile,
};
