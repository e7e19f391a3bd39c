/** One thing that a key does. `keys` is one key (`a`, `?`, `Escape`, `Mod+k`) or two in a row (`g a`). */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  /** Heading in the keyboard help. */
  readonly group: string;
  /** Returning false says that it did nothing, and the key stays the browser's. */
  run: () => unknown;
}

/** The parts of a keyboard event that decide. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How long the second key of a pair may take. */
const PAIR_MS = 1_000;

/** Name of a pressed key as shortcuts spell it: `Mod` is control or command; shift shows only in names such as `Enter`. */
export function keyName(pressed: Pressed): string {
  const key = pressed.key === ' ' ? 'Space' : pressed.key;
  const shift = pressed.shiftKey && key.length > 1 ? 'Shift+' : '';
  const mod = pressed.ctrlKey || pressed.metaKey ? 'Mod+' : '';
  return `${mod}${pressed.altKey ? 'Alt+' : ''}${shift}${mod === '' ? key : key.toLowerCase()}`;
}

/** Finds what a key does; later registrations win, so that a page may give a key a nearer meaning. */
export class ShortcutMap {
  private readonly shortcuts: Shortcut[] = [];
  private first = '';
  private firstAtMs = 0;

  add(shortcuts: readonly Shortcut[]): () => void {
    this.shortcuts.push(...shortcuts);
    return () => {
      for (const shortcut of shortcuts) this.shortcuts.splice(this.shortcuts.indexOf(shortcut), 1);
    };
  }

  get all(): readonly Shortcut[] {
    return this.shortcuts;
  }

  /** What this key (with the one before it) asks for. `typing`: only keys with a modifier and Escape count. */
  find(pressed: Pressed, typing: boolean, atMs: number): Shortcut | undefined {
    const name = keyName(pressed);
    if (typing && name !== 'Escape' && !name.startsWith('Mod+')) return undefined;
    const pair =
      this.first !== '' && atMs - this.firstAtMs <= PAIR_MS ? this.byKeys(`${this.first} ${name}`) : undefined;
    this.first = '';
    if (pair) return pair;
    if (this.shortcuts.some((shortcut) => shortcut.keys.startsWith(`${name} `))) {
      this.first = name;
      this.firstAtMs = atMs;
      return undefined;
    }
    return this.byKeys(name);
  }

  private byKeys(keys: string): Shortcut | undefined {
    return this.shortcuts.findLast((shortcut) => shortcut.keys === keys);
  }
}
