/**
 * Durations by operation and success. What is applied in one turn shares its time: each operation is counted as it is applied,
 * and the turn's time is divided among them at its end. So an operation costs an addition, and a clock is read twice a turn.
 */

import { Histogram } from "./histogram.ts";

export interface OperationTimes {
  readonly field: number;
  readonly success: boolean;
  readonly histogram: Histogram;
  /** Applied in the turn that is under way. */
  pending: number;
}

/** Numbers of fields of InternalRaftRequest that are looked up by index. */
const FIELDS_MAX = 2048;

export class OperationTable {
  /** By field, twice: success, failure. */
  private readonly table: (OperationTimes | undefined)[] = new Array(FIELDS_MAX * 2);
  private touched: OperationTimes[] = [];
  private count = 0;
  private readonly bounds: Float64Array;

  constructor(bounds: Float64Array) {
    this.bounds = bounds;
  }

  /** One more operation of the turn. */
  add(field: number, success: boolean): void {
    const times = this.of(field, success);
    if (times.pending === 0) this.touched.push(times);
    times.pending++;
    this.count++;
  }

  /** One operation whose own time is known. */
  observe(field: number, success: boolean, seconds: number): void {
    this.of(field, success).histogram.observe(seconds);
  }

  /** The turn's operations took `seconds` together. Returns what one of them took, 0 when there was none. */
  endTurn(seconds: number): number {
    if (this.count === 0) return 0;
    const each = seconds / this.count;
    for (const times of this.touched) {
      times.histogram.observeTimes(each, times.pending);
      times.pending = 0;
    }
    this.touched = [];
    this.count = 0;
    return each;
  }

  /** Shows the operation though it was never observed. */
  touch(field: number, success: boolean): void {
    this.of(field, success);
  }

  used(): readonly OperationTimes[] {
    return this.table.filter((times) => times !== undefined);
  }

  private of(field: number, success: boolean): OperationTimes {
    const at = (field % FIELDS_MAX) * 2 + (success ? 0 : 1);
    const known = this.table[at];
    if (known !== undefined) return known;
    const times = { field, success, histogram: new Histogram(this.bounds), pending: 0 };
    this.table[at] = times;
    return times;
  }
}
