/** References to rows: an array where references lie close together, a map where they don't. */
export class RowIndex {
  /** Row by reference less `first`; -1 where there is none. Undefined where `sparse` is used. */
  private readonly dense: Int32Array | undefined;
  private readonly first: number;
  private readonly sparse: Map<number, number> | undefined;

  constructor(refs: ArrayLike<number>) {
    let least = Infinity;
    let most = -Infinity;
    for (let i = 0; i < refs.length; i++) {
      if (refs[i] < least) least = refs[i];
      if (refs[i] > most) most = refs[i];
    }
    this.first = refs.length === 0 ? 0 : least;
    const span = refs.length === 0 ? 0 : most - least + 1;
    if (span <= 4096 + refs.length * 32) {
      this.dense = new Int32Array(span).fill(-1);
      for (let row = 0; row < refs.length; row++) this.dense[refs[row] - this.first] = row;
    } else {
      this.sparse = new Map();
      for (let row = 0; row < refs.length; row++) this.sparse.set(refs[row], row);
    }
  }

  /** -1 where the reference has no row. */
  rowOf(ref: number): number {
    const { dense } = this;
    if (dense === undefined) return this.sparse?.get(ref) ?? -1;
    const at = ref - this.first;
    return at >= 0 && at < dense.length ? dense[at] : -1;
  }
}
