import type { AlertView, MatcherSpec, SilenceView } from '@opsroom/contracts';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** The one dialog that may be open, with what it is about. */
export type OpenDialog =
  | { readonly kind: 'acknowledge'; readonly alerts: readonly AlertView[] }
  | { readonly kind: 'assign'; readonly alerts: readonly AlertView[] }
  | { readonly kind: 'silence'; readonly matchers: readonly MatcherSpec[]; readonly edits?: SilenceView }
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' };

/** In: open, close. Out: which dialog is open. Owns: nothing else. */
export const useDialogs = defineStore('dialogs', () => {
  const current = shallowRef<OpenDialog | null>(null);
  const open = (dialog: OpenDialog): void => void (current.value = dialog);
  const close = (): void => void (current.value = null);
  return { current, open, close };
});
