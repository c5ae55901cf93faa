/**
 * When keys were born and died: one entry for each change of the number of live keys, in order of revisions. It corrects a
 * count taken at the newest revision into one at an older revision. Compaction trims it from the front.
 *
 * An entry names a slot: entries at or above the last trim keep their slots known to the index, because a key is forgotten only
 * when all its changes lie below.
 */

import { assert } from "@etcd-ts/base";

const CHUNK = 4096;

export interface LifeParts {
  readonly revisions: readonly Float64Array<ArrayBuffer>[];
  readonly slots: readonly Int32Array<ArrayBuffer>[];
  readonly length: number;
}

export class LifeLog {
  private revisions: Float64Array<ArrayBuffer>[] = [];
  private slots: Int32Array<ArrayBuffer>[] = [];
  /** Positions of the first and one past the last entry. They never change their meaning, whatever is trimmed. */
  private first = 0;
  private endPosition = 0;
  /** Chunks forgotten at the front. */
  private chunksGone = 0;

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
      const middle = Math.floor((lo + hi) / 2);
      if (this.revisionAt(middle) <= revision) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  revisionAt(position: number): number {
    return (this.revisions[this.chunkOf(position)] as Float64Array)[position % CHUNK] as number;
  }

  /** The slot of a birth, or the complement of that of a death. */
  entryAt(position: number): number {
    return (this.slots[this.chunkOf(position)] as Int32Array)[position % CHUNK] as number;
  }

  /** Forgets entries below `revision`. */
  trim(revision: number): void {
    this.first = this.positionAfter(revision - 1);
    const chunks = this.chunkOf(this.first);
    if (chunks === 0) return;
    this.revisions = this.revisions.slice(chunks);
    this.slots = this.slots.slice(chunks);
    this.chunksGone += chunks;
  }

  /** Many at once, in order: entries as {@link entryAt} shows them. */
  append(revisions: Float64Array, entries: Int32Array): void {
    for (let from = 0; from < entries.length; ) {
      const place = this.endPosition % CHUNK;
      if (place === 0) this.addChunk();
      const to = Math.min(entries.length, from + CHUNK - place);
      (this.revisions.at(-1) as Float64Array).set(revisions.subarray(from, to), place);
      (this.slots.at(-1) as Int32Array).set(entries.subarray(from, to), place);
      this.endPosition += to - from;
      from = to;
    }
  }

  private addChunk(): void {
    this.revisions.push(new Float64Array(CHUNK));
    this.slots.push(new Int32Array(CHUNK));
  }

  /** For another thread; nothing was ever trimmed. */
  dismantle(): LifeParts {
    assert(this.first === 0, "lives are taken apart when none is forgotten");
    return { revisions: this.revisions, slots: this.slots, length: this.endPosition };
  }

  adopt({ revisions, slots, length }: LifeParts): void {
    assert(this.endPosition === 0, "only a new log takes another's lives");
    this.revisions = [...revisions];
    this.slots = [...slots];
    this.endPosition = length;
  }

  private chunkOf(position: number): number {
    return Math.floor(position / CHUNK) - this.chunksGone;
  }

  private add(revision: number, entry: number): void {
    const position = this.endPosition++;
    const chunk = this.chunkOf(position);
    if (chunk === this.revisions.length) this.addChunk();
    assert(position === this.first || this.revisionAt(position - 1) <= revision, "lives are logged in order");
    (this.revisions[chunk] as Float64Array)[position % CHUNK] = revision;
    (this.slots[chunk] as Int32Array)[position % CHUNK] = entry;
  }
}
