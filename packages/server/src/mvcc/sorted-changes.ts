/**
 * Changes that a range has found, in key order, to be brought into the order that was asked for: packed, so that a million of
 * them sort in slices. Pairs are fetched after the cut; only an order by value needs them before.
 */

import { assert, compareBytes } from "@etcd-ts/base";
import { type RangeRequest, SortOrder, SortTarget } from "@etcd-ts/proto";
import { MISS } from "@etcd-ts/storage";
import type { ResolvedChange } from "./key-index.ts";
import { parsed, parseKeyValue } from "./key-value.ts";
import { MergeSort } from "./merge-sort.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress } from "./store-types.ts";
import { storedPair } from "./stored-pair.ts";

const FIELDS = 5;
/** By sort target: the field that it compares. */
const SORT_FIELD: Readonly<Record<number, number>> = {
  [SortTarget.VERSION]: 4,
  [SortTarget.CREATE]: 3,
  [SortTarget.MOD]: 1,
};
/** Missing pages after which a read waits for them. */
const MISSING_MAX = 512;

export class SortedChanges {
  count = 0;
  /** Of the change last read: its pair, when the order needed it. */
  pair: Uint8Array | undefined;
  private readonly state: StoreState;
  private readonly target: number;
  private readonly descending: boolean;
  /** slot | main | sub | create | version of each. */
  private fields = new Float64Array(FIELDS * 64);
  /** For an order by value: the pairs, in key order, and the places of those that wait for pages. */
  private pairs: (Uint8Array | undefined)[] = [];
  private values: (Uint8Array | undefined)[] = [];
  private missing: number[] = [];
  private sorting: MergeSort | undefined;

  constructor(state: StoreState, request: RangeRequest) {
    this.state = state;
    this.target = request.sortTarget;
    this.descending = request.sortOrder === SortOrder.DESCEND;
  }

  add(slot: number, change: ResolvedChange): void {
    const at = this.count * FIELDS;
    if (at === this.fields.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.fields);
      this.fields = grown;
    }
    this.fields[at] = slot;
    this.fields[at + 1] = change.main;
    this.fields[at + 2] = change.sub;
    this.fields[at + 3] = change.create;
    this.fields[at + 4] = change.version;
    this.count++;
  }

  /** Gets the values that an order by value compares. */
  load(budget: number): Progress {
    if (this.target !== SortTarget.VALUE) return "done";
    const missing = this.missing.filter((at) => !this.loadPair(at));
    this.missing = missing;
    let left = budget;
    while (this.pairs.length < this.count && left-- > 0 && missing.length < MISSING_MAX) {
      const at = this.pairs.length;
      this.pairs.push(undefined);
      this.values.push(undefined);
      if (this.loadPair(at)) left -= (this.pairs[at] as Uint8Array).length >>> 12;
      else missing.push(at);
    }
    if (missing.length > 0) return "miss";
    return this.pairs.length < this.count ? "more" : "done";
  }

  /** True: sorted. */
  sort(budget: number): boolean {
    if (this.target === SortTarget.KEY) return true;
    this.sorting ??= new MergeSort(this.count, this.comparison());
    return this.sorting.run(budget);
  }

  /** Reads the change at `rank` of the order into `change` and {@link pair}, and returns its slot. */
  read(rank: number, change: ResolvedChange): number {
    let item = rank;
    if (this.sorting !== undefined) item = this.sorting.items[rank] as number;
    else if (this.descending) item = this.count - 1 - rank;
    const at = item * FIELDS;
    change.main = this.fields[at + 1] as number;
    change.sub = this.fields[at + 2] as number;
    change.create = this.fields[at + 3] as number;
    change.version = this.fields[at + 4] as number;
    this.pair = this.pairs[item];
    return this.fields[at] as number;
  }

  private comparison(): (a: number, b: number) => number {
    const sign = this.descending ? -1 : 1;
    if (this.target === SortTarget.VALUE) {
      const { values } = this;
      return (a, b) => sign * compareBytes(values[a] as Uint8Array, values[b] as Uint8Array);
    }
    const field = SORT_FIELD[this.target] as number;
    const { fields } = this;
    return (a, b) => sign * ((fields[a * FIELDS + field] as number) - (fields[b * FIELDS + field] as number));
  }

  /** Takes a pair of its own, from memory or from the database; false: its page is missing. */
  private loadPair(item: number): boolean {
    const at = item * FIELDS;
    const slot = this.fields[at] as number;
    const main = this.fields[at + 1] as number;
    const sub = this.fields[at + 2] as number;
    const { index } = this.state;
    if (index.slots.mod(slot) === main && index.slots.sub(slot) === sub && !index.isCold(slot)) {
      this.setPair(item, new Uint8Array(index.arena.view(index.slots.record(slot))));
      return true;
    }
    const pair = storedPair(this.state, main, sub);
    if (pair === MISS) return false;
    this.setPair(item, pair);
    return true;
  }

  private setPair(item: number, pair: Uint8Array): void {
    this.pairs[item] = pair;
    this.values[item] = valueIn(pair);
  }
}

/** The value's bytes within an encoded pair. */
function valueIn(pair: Uint8Array): Uint8Array {
  const isPair = parseKeyValue(pair, 0, pair.length);
  assert(isPair, "a record is a pair");
  return pair.subarray(parsed.valueStart, parsed.valueEnd);
}
