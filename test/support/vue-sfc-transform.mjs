// Jest transformer for .vue files: @vue/compiler-sfc with an inline template, then TypeScript to ESM. Styles are left out.
import { createHash } from 'node:crypto';
import { compileScript, parse } from 'vue/compiler-sfc';
import { compile } from './ts-transform.mjs';

const version = '1';

export default {
  getCacheKey: (source, fileName) => createHash('sha1').update(version).update(fileName).update(source).digest('hex'),
  process(source, fileName) {
    const { descriptor, errors } = parse(source, { filename: fileName });
    if (errors.length > 0) throw errors[0];
    if (!descriptor.scriptSetup) throw new Error(`${fileName}: components here are written with <script setup>`);
    const id = createHash('sha1').update(fileName).digest('hex').slice(0, 8);
    const script = compileScript(descriptor, { id, inlineTemplate: true, genDefaultAs: '__sfc__' });
    const code = `${script.content}\n__sfc__.__file = ${JSON.stringify(fileName)};\nexport default __sfc__;`;
    return compile(code, `${fileName}.ts`);
  },
};
