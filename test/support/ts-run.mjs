// Runs TypeScript sources as they are, in a process of its own: node --import ./test/support/ts-run.mjs file.ts
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
