/** The series of each source's latest complete batch, to find those that the next one lacks. */
export class EndedSeries {
  private readonly latest = new Map<string, Uint32Array>();

  /** References that the source's complete batch before had and this one has not. */
  update(source: string, refs: Uint32Array): number[] {
    const before = this.latest.get(source);
    if (before && same(before, refs)) return [];
    this.latest.set(source, refs.slice());
    if (!before) return [];
    const current = new Set(refs);
    return Array.from(before).filter((ref) => !current.has(ref));
  }
}

/** Sources mostly yield the same series in the same order. */
function same(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
