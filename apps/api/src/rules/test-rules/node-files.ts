import { existsSync, readFileSync } from 'node:fs';
import { expandGlob } from '../../config/glob.js';
import type { RuleTestFiles } from './test-rules.js';

/** Test files and rule files on this machine's disk; relative paths are relative to the working folder. */
export const nodeRuleTestFiles: RuleTestFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  glob: (pattern) => expandGlob(pattern).filter((path) => existsSync(path)),
};
