/**
 * References by the very bytes of a series' labels. A sender's requests hold the same series in the same order again and again, so the
 * entry after the one found last is tried first; otherwise a hash table of open addresses finds it. Forgets everything when full.
 */
export class SeriesTable {
  private slots = new Int32Array(1 << 12).fill(-1);
  private keys: Uint8Array[] = [];
  private hashes: number[] = [];
  private refs: number[] = [];
  private bytes = 0;
  private expected = 0;

  constructor(private readonly maxBytes: number) {}

  /** The reference of these label bytes; -1 when they are new or `isAlive` says that their series is gone. */
  find(input: Uint8Array, from: number, to: number, isAlive: (ref: number) => boolean): number {
    const entry = this.entryOf(input, from, to);
    if (entry < 0) return -1;
    this.expected = entry + 1;
    const ref = this.refs[entry];
    return isAlive(ref) ? ref : -1;
  }

  add(input: Uint8Array, from: number, to: number, ref: number): void {
    const known = this.entryOf(input, from, to);
    if (known >= 0) {
      this.refs[known] = ref;
      return;
    }
    if (this.bytes > this.maxBytes) this.clear();
    const key = input.slice(from, to);
    const entry = this.keys.push(key) - 1;
    const hash = hashOf(input, from, to);
    this.hashes.push(hash);
    this.refs.push(ref);
    this.bytes += key.length + 100;
    this.expected = entry + 1;
    if (this.keys.length * 2 > this.slots.length) this.grow();
    else this.place(entry);
  }

  private entryOf(input: Uint8Array, from: number, to: number): number {
    const expected = this.expected < this.keys.length ? this.expected : 0;
    if (expected < this.keys.length && equal(this.keys[expected], input, from, to)) return expected;
    const hash = hashOf(input, from, to);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot];
      if (entry < 0) return -1;
      if (this.hashes[entry] === hash && equal(this.keys[entry], input, from, to)) return entry;
    }
  }

  private place(entry: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[entry] & mask;
    while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    for (let entry = 0; entry < this.keys.length; entry++) this.place(entry);
  }

  private clear(): void {
    this.slots = new Int32Array(1 << 12).fill(-1);
    this.keys = [];
    this.hashes = [];
    this.refs = [];
    this.bytes = 0;
    this.expected = 0;
  }
}

function equal(key: Uint8Array, input: Uint8Array, from: number, to: number): boolean {
  const { length } = key;
  if (to - from !== length) return false;
  // Neighbouring series differ near their end more often than near their start.
  for (let i = length - 1; i >= 0; i--) if (key[i] !== input[from + i]) return false;
  return true;
}

/** FNV-1a with its bits mixed once more, since the table uses the low ones. */
function hashOf(input: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ input[i], 0x01000193);
  hash ^= hash >>> 15;
  return hash >>> 0;
}
