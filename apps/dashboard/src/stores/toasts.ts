import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  /** One thing that can be done about it; `z` does the newest. */
  readonly action?: { readonly label: string; run: () => unknown };
}

const STAYS_MS = 6_000;
const PROBLEM_STAYS_MS = 12_000;
const MOST = 4;

/**
 * Short words about what was just done. In: say, problem. Out: the newest few. Owns: when they go.
 */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([]);
  let next = 1;

  function add(toast: Omit<Toast, 'id'>): void {
    const id = next++;
    toasts.value = [...toasts.value, { ...toast, id }].slice(-MOST);
    setTimeout(() => dismiss(id), toast.kind === 'problem' ? PROBLEM_STAYS_MS : STAYS_MS);
  }

  const say = (text: string, action?: Toast['action']): void =>
    add(action ? { kind: 'done', text, action } : { kind: 'done', text });

  /** Tells of an error in its own words. */
  const problem = (error: unknown): void =>
    add({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  /** Runs the newest action that is still offered; false when there is none. */
  function undo(): boolean {
    const toast = toasts.value.findLast((candidate) => candidate.action);
    if (!toast?.action) return false;
    dismiss(toast.id);
    toast.action.run();
    return true;
  }

  return { toasts, say, problem, dismiss, undo };
});
