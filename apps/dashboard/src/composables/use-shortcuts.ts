import { useEventListener } from '@vueuse/core';
import { onScopeDispose } from 'vue';
import { useDialogs } from '../stores/dialogs.js';
import { ShortcutMap, type Shortcut } from '../stores/shortcut-map.js';

const map = new ShortcutMap();

/** The shortcuts that hold now, for the keyboard help. */
export const currentShortcuts = (): readonly Shortcut[] => map.all;

/** Registers shortcuts for as long as the caller's scope lives. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  onScopeDispose(map.add(shortcuts));
}

/**
 * Listens for all shortcuts; called once, by the app. Keys that a dialog or a menu needs are left to it, also while a dialog that
 * was asked for is still on its way: what is typed then must not act on the page behind.
 */
export function useShortcutListener(): void {
  const dialogs = useDialogs();
  useEventListener(document, 'keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('[role="dialog"], [role="menu"], dialog[open]')) return;
    if (dialogs.current !== null) {
      if (event.key !== 'Escape') event.preventDefault();
      return;
    }
    const found = map.find(event, isTyping(target), performance.now());
    if (found && found.run() !== false) event.preventDefault();
  });
}

/** Whether keys go into a text at `target`. */
function isTyping(target: Element | null): boolean {
  if (!target) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target as HTMLElement).isContentEditable
  );
}
