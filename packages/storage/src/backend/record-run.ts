/**
 * Records of bucket `key` by revision, ascending: for each the place of its last operation in a batch, and what it did. Packed in typed
 * arrays: a batch of 10,000 puts costs no object, and looking one up costs a binary search.
 *
 * Nearly every record has the highest revision so far and is appended; `set` inserts in the middle for the rest.
 */

import { assert } from "@etcd-ts/base";

const CAPACITY_MIN = 256;
/** A larger run gives its arrays back when it is cleared. */
const CAPACITY_KEPT = 32 * 1024;

/** Memory of one record in a run. */
export const RUN_BYTES_PER_RECORD = 20;
/** In `lengths`: the operation deleted the record. */
export const DELETED = 0xffffffff;

export class RecordRun {
  /** Valid below `length`: main revision, minor (`record-key.ts`), place of the operation, bytes of its value. */
  mains = new Float64Array(CAPACITY_MIN);
  minors = new Uint32Array(CAPACITY_MIN);
  places = new Uint32Array(CAPACITY_MIN);
  lengths = new Uint32Array(CAPACITY_MIN);
  length = 0;

  /** True when (`main`, `minor`) lies behind all records. */
  isBehind(main: number, minor: number): boolean {
    const last = this.length - 1;
    if (last < 0) return true;
    const lastMain = this.mains[last]!;
    return main > lastMain || (main === lastMain && minor > this.minors[last]!);
  }

  /** The caller knows that it {@link isBehind} all others. */
  append(main: number, minor: number, place: number, valueBytes: number): void {
    const at = this.length;
    if (at === this.mains.length) this.grow();
    this.mains[at] = main;
    this.minors[at] = minor;
    this.places[at] = place;
    this.lengths[at] = valueBytes;
    this.length = at + 1;
  }

  /** Inserts the record, or moves it to another place. */
  set(main: number, minor: number, place: number, valueBytes: number): void {
    if (this.isBehind(main, minor)) {
      this.append(main, minor, place, valueBytes);
      return;
    }
    const at = this.lowerBound(main, minor, this.length);
    if (this.mains[at] !== main || this.minors[at] !== minor) this.openGap(at);
    this.mains[at] = main;
    this.minors[at] = minor;
    this.places[at] = place;
    this.lengths[at] = valueBytes;
  }

  /** Index among the first `length` records of the first one at or behind (`main`, `minor`); `length` when none is. */
  lowerBound(main: number, minor: number, length: number): number {
    const { mains, minors } = this;
    let lo = 0;
    let hi = length;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      const found = mains[middle]!;
      if (found < main || (found === main && minors[middle]! < minor)) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  /** Index of exactly this record among the first `length`; -1 when it is not there. */
  find(main: number, minor: number, length: number): number {
    const at = this.lowerBound(main, minor, length);
    return at < length && this.mains[at] === main && this.minors[at] === minor ? at : -1;
  }

  clone(): RecordRun {
    const copy = new RecordRun();
    copy.mains = this.mains.slice();
    copy.minors = this.minors.slice();
    copy.places = this.places.slice();
    copy.lengths = this.lengths.slice();
    copy.length = this.length;
    return copy;
  }

  clear(): void {
    this.length = 0;
    if (this.mains.length <= CAPACITY_KEPT) return;
    this.mains = new Float64Array(CAPACITY_MIN);
    this.minors = new Uint32Array(CAPACITY_MIN);
    this.places = new Uint32Array(CAPACITY_MIN);
    this.lengths = new Uint32Array(CAPACITY_MIN);
  }

  invariants(): void {
    for (let i = 1; i < this.length; i++) {
      const before = this.mains[i - 1]!;
      const main = this.mains[i]!;
      assert(
        before < main || (before === main && this.minors[i - 1]! < this.minors[i]!),
        "run not ascending",
      );
    }
  }

  private openGap(at: number): void {
    if (this.length === this.mains.length) this.grow();
    this.mains.copyWithin(at + 1, at, this.length);
    this.minors.copyWithin(at + 1, at, this.length);
    this.places.copyWithin(at + 1, at, this.length);
    this.lengths.copyWithin(at + 1, at, this.length);
    this.length++;
  }

  private grow(): void {
    const capacity = this.mains.length * 2;
    const mains = new Float64Array(capacity);
    const minors = new Uint32Array(capacity);
    const places = new Uint32Array(capacity);
    const lengths = new Uint32Array(capacity);
    mains.set(this.mains);
    minors.set(this.minors);
    places.set(this.places);
    lengths.set(this.lengths);
    this.mains = mains;
    this.minors = minors;
    this.places = places;
    this.lengths = lengths;
  }
}
