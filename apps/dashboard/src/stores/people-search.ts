import type { RequestOutput } from '@opsroom/contracts';

/** Somebody with an account, as everybody may know them. */
export type Person = RequestOutput<'/alerts', 'people:list'>['people'][number];

/** The people that a text means: names that begin with it, then names with a part that does, then names that hold it. */
export function searchPeople(people: readonly Person[], text: string): readonly Person[] {
  const wanted = text.trim().toLowerCase();
  const rankOf = ({ name }: Person): number => {
    const lower = name.toLowerCase();
    if (lower.startsWith(wanted)) return 0;
    if (lower.split(/[._@+-]+/).some((part) => part.startsWith(wanted))) return 1;
    return lower.includes(wanted) ? 2 : 3;
  };
  return people
    .map((person) => ({ person, rank: rankOf(person) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .map(({ person }) => person);
}

/** A mention that is being written: where its `@` stands, and what has been typed of the name. */
export interface OpenMention {
  readonly at: number;
  readonly typed: string;
}

/** The mention that the caret stands in or at the end of; null where there is none. */
export function openMention(text: string, caret: number): OpenMention | null {
  const found = /(?:^|[^\w@.])@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  return found ? { at: caret - found[1].length - 1, typed: found[1] } : null;
}

/** The text with the mention completed, and where the caret goes then. */
export function withMention(text: string, { at, typed }: OpenMention, name: string): { text: string; caret: number } {
  const after = text.slice(at + 1 + typed.length);
  const before = `${text.slice(0, at)}@${name}`;
  return after.startsWith(' ')
    ? { text: before + after, caret: before.length + 1 }
    : { text: `${before} ${after}`, caret: before.length + 1 };
}
