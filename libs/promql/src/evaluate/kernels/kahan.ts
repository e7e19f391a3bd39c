/**
 * Kahan's compensated summation with Neumaier's improvement, as Prometheus adds: a running sum and what rounding has cut
 * off so far. A kernel that sums in a hot loop writes the same steps out in place; every other one uses this class.
 */
export class KahanSum {
  constructor(
    public sum = 0,
    public compensation = 0,
  ) {}

  add(value: number): void {
    const total = this.sum + value;
    if (total === Infinity || total === -Infinity) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - total + value;
    else this.compensation += value - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.compensation;
  }
}
