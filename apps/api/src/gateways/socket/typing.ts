import type { Subscription } from 'rxjs';
import type { Clock } from '../../model/clock.js';

/** Whoever has not said so again for this long has stopped typing. */
const TYPING_MS = 6_000;

/** Who is typing where. It ends by itself, since a browser that dies does not say that its person has stopped. */
export class Typing {
  private readonly rooms = new Map<string, Map<string, Subscription>>();

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly changed: (room: string, names: readonly string[]) => void,
  ) {}

  start(room: string, name: string): void {
    const names = this.rooms.get(room) ?? new Map<string, Subscription>();
    this.rooms.set(room, names);
    const known = names.get(name);
    known?.unsubscribe();
    names.set(
      name,
      this.clock.after(TYPING_MS).subscribe({
        next: () => this.stop(room, name),
        error: () => this.stop(room, name),
      }),
    );
    if (!known) this.tell(room);
  }

  stop(room: string, name: string): void {
    const names = this.rooms.get(room);
    const timer = names?.get(name);
    if (!names || !timer) return;
    timer.unsubscribe();
    names.delete(name);
    if (names.size === 0) this.rooms.delete(room);
    this.tell(room);
  }

  close(): void {
    for (const names of this.rooms.values()) for (const timer of names.values()) timer.unsubscribe();
    this.rooms.clear();
  }

  private tell(room: string): void {
    this.changed(room, [...(this.rooms.get(room)?.keys() ?? [])].sort());
  }
}
