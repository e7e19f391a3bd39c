import type { RuleFilePlaces, RuleFileView, RuleProblem } from '@opsroom/contracts';
import { useDebounceFn } from '@vueuse/core';
import { computed, type ComputedRef, type Ref, ref, shallowRef, type WritableComputedRef, watch } from 'vue';
import { checkRules, createRules, listRuleFiles, removeRules, writeRules } from '../sockets/rules.js';
import { RequestRefused } from '../sockets/server.js';

const CHECK_AFTER_MS = 300;

export interface RuleEditor {
  /** Of the file that is shown. */
  readonly name: ComputedRef<string>;
  readonly files: Ref<readonly RuleFileView[] | null>;
  readonly file: ComputedRef<RuleFileView | undefined>;
  /** Where a new file may be made. */
  readonly newFiles: Ref<RuleFilePlaces>;
  readonly text: WritableComputedRef<string>;
  readonly changed: ComputedRef<boolean>;
  /** Any file has changes that are not written. */
  readonly anyChanged: ComputedRef<boolean>;
  readonly problems: Ref<readonly RuleProblem[]>;
  /** Problems belong to the text as it is. */
  readonly checked: Ref<boolean>;
  readonly saving: Ref<boolean>;
  /** Somebody else has written the file since it was read; holds what it is now. */
  readonly conflict: Ref<RuleFileView | null>;
  readonly problem: Ref<string>;
  load(): Promise<void>;
  /** Changes another file's text without writing it. */
  draft(name: string, text: string): void;
  /** True when the file is written. */
  save(): Promise<boolean>;
  discard(): void;
  takeTheirs(): void;
  writeOver(): Promise<boolean>;
  /** Makes a file on the server; rejects with the reason when it cannot be made. */
  create(name: string, text: string): Promise<void>;
  /** Removes the file that is shown; true when it is gone. */
  remove(): Promise<boolean>;
}

/** Rule files with their unwritten changes, which are kept while one looks at another file. `wanted`: the file to show; '' is the first. */
export function useRuleEditor(wanted: Ref<string>): RuleEditor {
  const files = shallowRef<readonly RuleFileView[] | null>(null);
  const newFiles = shallowRef<RuleFilePlaces>({ places: [] });
  const drafts = shallowRef<ReadonlyMap<string, string>>(new Map());
  const problems = shallowRef<readonly RuleProblem[]>([]);
  const checked = ref(false);
  const saving = ref(false);
  const conflict = shallowRef<RuleFileView | null>(null);
  const problem = ref('');

  const name = computed(() => wanted.value || (files.value?.[0]?.name ?? ''));
  const file = computed(() => files.value?.find((known) => known.name === name.value));
  const isChanged = (known: RuleFileView): boolean => (drafts.value.get(known.name) ?? known.text) !== known.text;
  const draft = (of: string, text: string): void => void (drafts.value = new Map(drafts.value).set(of, text));
  const text = computed({
    get: () => drafts.value.get(name.value) ?? file.value?.text ?? '',
    set: (next) => draft(name.value, next),
  });

  const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const replace = (next: RuleFileView): void =>
    void (files.value = (files.value ?? []).map((known) => (known.name === next.name ? next : known)));
  const forget = (of: string): void =>
    void (drafts.value = new Map([...drafts.value].filter(([known]) => known !== of)));

  async function load(): Promise<void> {
    try {
      ({ files: files.value, newFiles: newFiles.value } = await listRuleFiles());
      problem.value = '';
    } catch (error) {
      problem.value = wordsOf(error);
    }
  }

  const check = useDebounceFn(async () => {
    const [asked, askedName] = [text.value, name.value];
    if (!file.value) return;
    try {
      const found = await checkRules(askedName, asked);
      if (asked !== text.value || askedName !== name.value) return;
      problems.value = found;
      checked.value = true;
    } catch (error) {
      problem.value = wordsOf(error);
    }
  }, CHECK_AFTER_MS);
  watch([text, name], () => {
    checked.value = false;
    void check();
  });
  watch(name, () => {
    problems.value = [];
    conflict.value = null;
    problem.value = '';
  });

  async function write(version: string): Promise<boolean> {
    const [writtenName, writtenText] = [name.value, text.value];
    saving.value = true;
    problem.value = '';
    try {
      replace(await writeRules(writtenName, writtenText, version));
      if (drafts.value.get(writtenName) === writtenText) forget(writtenName);
      conflict.value = null;
      return true;
    } catch (error) {
      if (error instanceof RequestRefused && error.code === 'conflict') await readTheirs(writtenName);
      else problem.value = wordsOf(error);
      return false;
    } finally {
      saving.value = false;
    }
  }
  async function readTheirs(of: string): Promise<void> {
    try {
      conflict.value = (await listRuleFiles()).files.find((known) => known.name === of) ?? null;
      if (!conflict.value) problem.value = `${of} is not among the rule files any more.`;
    } catch (error) {
      problem.value = wordsOf(error);
    }
  }

  return {
    name,
    files,
    file,
    newFiles,
    text,
    changed: computed(() => file.value !== undefined && isChanged(file.value)),
    anyChanged: computed(() => (files.value ?? []).some(isChanged)),
    problems,
    checked,
    saving,
    conflict,
    problem,
    load,
    draft,
    save: () => write(file.value?.version ?? ''),
    discard: () => forget(name.value),
    takeTheirs() {
      if (!conflict.value) return;
      replace(conflict.value);
      forget(conflict.value.name);
      conflict.value = null;
    },
    writeOver: async () => {
      if (!conflict.value) return false;
      // From here on the file is what was read last; a third writer is a conflict again.
      replace(conflict.value);
      return write(conflict.value.version);
    },
    create: async (newName, newText) => {
      await createRules(newName, newText);
      await load();
    },
    remove: async () => {
      const removed = file.value;
      if (!removed) return false;
      try {
        await removeRules(removed.name, removed.version);
      } catch (error) {
        if (error instanceof RequestRefused && error.code === 'conflict') await readTheirs(removed.name);
        else problem.value = wordsOf(error);
        return false;
      }
      forget(removed.name);
      await load();
      return true;
    },
  };
}
