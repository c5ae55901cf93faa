/**
 * When keys were born and died: one entry for each change of the number of live keys, in order of revisions. It corrects a
 * count taken at the newest revision into one at an older revision. Compaction trims it from the front.
 *
 * An entry names a slot: entries at or above the last trim keep their slots known to the index, because a key is forgotten only
 * when all its changes lie below.
 */

import { assert } from "@etcd-ts/base";

const CHUNK_SHIFT = 12;
const CHUNK = 1 << CHUNK_SHIFT;

export class LifeLog {
  private revisions: Float64Array[] = [];
  private slots: Int32Array[] = [];
  /** Positions of the first and one past the last entry; the chunks begin at position 0. */
  private first = 0;
  private endPosition = 0;

  get length(): number {
    return this.endPosition - this.first;
  }

  get end(): number {
    return this.endPosition;
  }

  born(revision: number, slot: number): void {
    this.add(revision, slot);
  }

  died(revision: number, slot: number): void {
    this.add(revision, ~slot);
  }

  /** Position of the first entry with a revision above `revision`. */
  positionAfter(revision: number): number {
    let lo = this.first;
    let hi = this.endPosition;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (this.revisionAt(middle) <= revision) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  revisionAt(position: number): number {
    return (this.revisions[position >> CHUNK_SHIFT] as Float64Array)[position & (CHUNK - 1)] as number;
  }

  /** The slot of a birth, or the complement of that of a death. */
  entryAt(position: number): number {
    return (this.slots[position >> CHUNK_SHIFT] as Int32Array)[position & (CHUNK - 1)] as number;
  }

  /** Forgets entries below `revision`. Positions taken before are void. */
  trim(revision: number): void {
    this.first = this.positionAfter(revision - 1);
    const chunks = this.first >> CHUNK_SHIFT;
    if (chunks === 0) return;
    this.revisions = this.revisions.slice(chunks);
    this.slots = this.slots.slice(chunks);
    this.first -= chunks << CHUNK_SHIFT;
    this.endPosition -= chunks << CHUNK_SHIFT;
  }

  private add(revision: number, entry: number): void {
    const position = this.endPosition++;
    if (position >> CHUNK_SHIFT === this.revisions.length) {
      this.revisions.push(new Float64Array(CHUNK));
      this.slots.push(new Int32Array(CHUNK));
    }
    assert(position === this.first || this.revisionAt(position - 1) <= revision, "lives are logged in order");
    (this.revisions[position >> CHUNK_SHIFT] as Float64Array)[position & (CHUNK - 1)] = revision;
    (this.slots[position >> CHUNK_SHIFT] as Int32Array)[position & (CHUNK - 1)] = entry;
  }
}
