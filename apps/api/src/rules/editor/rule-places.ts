import { accessSync, constants } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { RuleFilePlace } from '@opsroom/contracts';
import type { OpsroomConfig } from '../../config/config.js';
import { MAGIC, matcherOf } from '../../config/glob.js';
import { Refusal } from '../../model/refusal.js';
import { shownName } from '../load-rules.js';

/** A folder that takes new rule files, with where it is on the disk. */
export interface RulePlace extends RuleFilePlace {
  readonly path: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Where a rule file can be made so that `rule_files` reads it: the folders of its patterns, if they can be written. Only the last
 * part of such a pattern is one, since it must say which folder. `none` says why there is no place.
 */
export function rulePlaces(config: Pick<OpsroomConfig, 'ruleFiles' | 'process'>): {
  places: RulePlace[];
  none?: string;
} {
  const patterns = config.ruleFiles.filter((file) => MAGIC.test(basename(file)) && !MAGIC.test(dirname(file)));
  const places: RulePlace[] = [];
  const refused: string[] = [];
  for (const pattern of patterns) {
    const path = dirname(pattern);
    const why = whyNotWritable(path);
    if (why === undefined) places.push({ folder: shownFolder(config, path), pattern: basename(pattern), path });
    else refused.push(`${path} cannot be written: ${why}`);
  }
  if (places.length > 0) return { places };
  return {
    places,
    none:
      refused.length > 0
        ? `${refused.join('; ')}: let the server write there, or name another folder under rule_files in opsroom.yml`
        : "no pattern of rule_files in opsroom.yml takes new files: add one, such as 'rules/*.yml', with its folder, and start anew",
  };
}

/** The path of a new file by its shown name. Refuses names that no place takes, and says which would do. */
export function newFilePath(places: readonly RulePlace[], name: string): string {
  for (const { folder, pattern, path } of places) {
    const own = name.startsWith(folder) ? name.slice(folder.length) : '';
    if (NAME.test(own) && matcherOf(pattern).test(own)) return join(path, own);
  }
  const wanted = places.map(({ folder, pattern }) => folder + pattern).join(' or ');
  throw new Refusal('bad_request', `${name} cannot be made: a new file is ${wanted}, of letters, digits and . _ -`);
}

function shownFolder(config: Pick<OpsroomConfig, 'process'>, path: string): string {
  const shown = shownName(config, path);
  return shown === '' ? '' : shown + sep;
}

function whyNotWritable(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : 'no permission';
  }
}
