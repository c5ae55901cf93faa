/**
 * The operations of one bucket that wait for the next commit, and their sorting: ascending by key, of several on one key
 * the last. Operations mostly arrive sorted (revisions ascend), so order is watched while they come; what is out of order is
 * sorted by merging the ascending runs that it consists of.
 */

import { ElementList } from "./element-list.ts";

export class OperationQueue {
  private list = new ElementList();
  private ascending = true;

  get count(): number {
    return this.list.count;
  }

  addSource(bytes: Uint8Array): number {
    const { sources } = this.list;
    return sources[sources.length - 1] === bytes ? sources.length - 1 : this.list.addSource(bytes);
  }

  add(source: number, keyAt: number, keyBytes: number, valueBytes: number, flags: number): void {
    const { list } = this;
    list.add(source, keyAt, keyBytes, valueBytes, flags);
    if (list.count > 1 && this.ascending && list.compareKeys(list.count - 2, list.count - 1) >= 0) {
      this.ascending = false;
    }
  }

  /** The operations in order. They stay valid until the queue is cleared. */
  sorted(): ElementList {
    if (!this.ascending) this.list = permuted(this.list, sortedOrder(this.list));
    this.ascending = true;
    return this.list;
  }

  clear(): void {
    this.list.clear();
    this.ascending = true;
  }
}

/** Indexes of the list in the order of their keys, of equal keys only the last. */
function sortedOrder(list: ElementList): Uint32Array {
  const runs: Uint32Array[] = [];
  for (let lo = 0; lo < list.count; ) {
    let hi = lo + 1;
    while (hi < list.count && list.compareKeys(hi - 1, hi) < 0) hi++;
    runs.push(Uint32Array.from({ length: hi - lo }, (_, i) => lo + i));
    lo = hi;
  }
  while (runs.length > 1) {
    const pairs = runs.length >>> 1;
    for (let i = 0; i < pairs; i++) runs[i] = merged(list, runs[2 * i]!, runs[2 * i + 1]!);
    if (runs.length & 1) runs[pairs] = runs[runs.length - 1]!;
    runs.length = (runs.length + 1) >>> 1;
  }
  return runs[0]!;
}

/** Merges two ascending runs; all of `later` came after all of `earlier`. */
function merged(list: ElementList, earlier: Uint32Array, later: Uint32Array): Uint32Array {
  const out = new Uint32Array(earlier.length + later.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < earlier.length && j < later.length) {
    const order = list.compareKeys(earlier[i]!, later[j]!);
    if (order < 0) out[count++] = earlier[i++]!;
    else {
      out[count++] = later[j++]!;
      if (order === 0) i++;
    }
  }
  while (i < earlier.length) out[count++] = earlier[i++]!;
  while (j < later.length) out[count++] = later[j++]!;
  return out.subarray(0, count);
}

function permuted(list: ElementList, order: Uint32Array): ElementList {
  const out = new ElementList();
  for (const source of list.sources) out.addSource(source);
  for (const i of order) {
    out.add(list.source[i]!, list.offset[i]!, list.keyBytes[i]!, list.valueBytes[i]!, list.flags[i]!);
  }
  return out;
}
