import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One file with all that it needs, beside the page's own, so that every server serves the client that fits it. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { '@opsroom/contracts': source('../contracts/src/index.ts') } },
  build: {
    target: 'es2022',
    outDir: source('../../apps/dashboard/dist'),
    emptyOutDir: false,
    lib: { entry: source('src/browser.ts'), formats: ['es'], fileName: () => 'opsroom-client.js' },
  },
});
