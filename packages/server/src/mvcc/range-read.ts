/**
 * A range of pairs as one revision sees it, gathered in slices (`api-semantics.md` 4).
 *
 *     count ── walk ──┬── (plain: pairs are taken on the way) ──────────── done
 *                     └── (sorted, filtered: changes are noted) ── load values ── sort ── fetch ── done
 *
 * The revision is fixed at the start. A slice begins at the key where the one before ended, looks for each key for the change
 * that the revision sees, and so does not mind what was written in between. Values that memory does not hold are asked of
 * the database; those that are not there yet are gaps, gone for together.
 */

import { type RangeRequest, SortOrder, SortTarget } from "@etcd-ts/proto";
import { MISS } from "@etcd-ts/storage";
import { CountRead } from "./count-read.ts";
import { ResolvedChange } from "./key-index.ts";
import { COLD, LIVE } from "./key-slots.ts";
import { keyPrefixSize, withoutValue, writeKeyPrefix } from "./key-value.ts";
import { PairList } from "./pair-list.ts";
import { PAIRS_TAG } from "./responses.ts";
import { SortedChanges } from "./sorted-changes.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress } from "./store-types.ts";
import { storedPair } from "./stored-pair.ts";
import { TreeCursor } from "./tree-cursor.ts";
import { NODE_ENTRIES_LIMIT, slotOf } from "./tree-nodes.ts";

/** Gaps after which a read waits for its pages. */
const GAPS_MAX = 512;
/** Pairs are taken in batches, smaller ones where they turn out large, so that no slice gathers much more than its budget. */
const FIRST_BATCH = 8;
const BATCH_BYTES = 256 * 1024;

interface Gap {
  readonly gap: number;
  readonly main: number;
  readonly sub: number;
  readonly slot: number;
}

type Phase = "count" | "walk" | "load" | "sort" | "fetch" | "done";

const shared = new ResolvedChange();
/** Slots of one leaf. */
const chosen = new Int32Array(NODE_ENTRIES_LIMIT);

export class RangeRead {
  readonly revision: number;
  readonly pairs: PairList;
  count = 0;
  more = false;
  /** What the last slice left of its budget. */
  left = 0;

  private readonly state: StoreState;
  private readonly request: RangeRequest;
  private readonly high: Uint8Array | undefined;
  /** Pairs wanted: `limit`, or Infinity. */
  private readonly limit: number;
  /** Pairs or changes to gather on the walk. */
  private readonly walkLimit: number;
  private readonly keysOnly: boolean;
  private readonly changes: SortedChanges | undefined;
  private phase: Phase = "count";
  private counting: CountRead | undefined;
  private cursor: TreeCursor | undefined;
  private low: Uint8Array;
  private gaps: Gap[] = [];
  private fetched = 0;

  /** `revision` is one that the store may be read at; `tag` as {@link PairList} wants it. */
  constructor(state: StoreState, request: RangeRequest, revision: number, tag = PAIRS_TAG) {
    this.state = state;
    this.request = request;
    this.revision = revision;
    this.pairs = new PairList(state.index.arena, tag);
    this.low = request.key;
    this.high = rangeHigh(request.key, request.rangeEnd);
    this.limit = request.limit > 0 ? request.limit : Number.POSITIVE_INFINITY;
    this.keysOnly = request.keysOnly && request.sortTarget !== SortTarget.VALUE;
    const isFiltered = hasFilters(request);
    const isKeyOrder = request.sortTarget === SortTarget.KEY && request.sortOrder !== SortOrder.DESCEND;
    if (!request.countOnly && (isFiltered || !isKeyOrder)) {
      this.changes = new SortedChanges(state, request);
    }
    const isAllNeeded = isFiltered || (!isKeyOrder && request.sortOrder !== SortOrder.NONE);
    this.walkLimit = isAllNeeded ? Number.POSITIVE_INFINITY : this.limit + (isKeyOrder ? 0 : 1);
  }

  run(budget: number): Progress {
    this.left = budget;
    while (this.phase !== "done") {
      if (this.gaps.length > 0 && !this.fillGaps()) return this.pause("miss");
      if (this.left <= 0) return this.pause("more");
      if (this.phase === "load") {
        const progress = (this.changes as SortedChanges).load(this.left);
        if (progress !== "done") return this.pause(progress);
        this.phase = "sort";
      }
      this.left -= this.runPhase(this.left, this.phase);
    }
    if (this.gaps.length > 0 && !this.fillGaps()) return this.pause("miss");
    return "done";
  }

  /** Returns what it used of the budget. */
  private runPhase(budget: number, phase: Exclude<Phase, "load" | "done">): number {
    switch (phase) {
      case "count":
        return this.runCount(budget);
      case "walk":
        return this.changes === undefined ? this.walkPairs(budget) : this.walkChanges(budget, this.changes);
      case "sort":
        return this.runSort(budget, this.changes as SortedChanges);
      case "fetch":
        return this.fetchPairs(budget, this.changes as SortedChanges);
    }
  }

  /** Where the next page of the same range begins: behind the last key of this one, in the order of its pairs. */
  get nextLow(): Uint8Array {
    return this.low;
  }

  /** Makes the pairs gathered so far independent of the arena. */
  detach(): void {
    this.pairs.detach();
  }

  private pause(progress: Progress): Progress {
    this.detach();
    return progress;
  }

  // Counting.

  /** The revision is not the one that a write is making: what it counts will not change. */
  private get isSettled(): boolean {
    return this.revision <= this.state.currentRevision;
  }

  private runCount(budget: number): number {
    const { state, request } = this;
    if (request.rangeEnd.length === 0) return this.runSingle();
    if (this.high !== undefined && Buffer.compare(this.low, this.high) >= 0) {
      this.phase = "done";
      return 1;
    }
    if (this.counting === undefined) {
      const known = this.isSettled ? state.countMemo.recall(this.revision, this.low, this.high) : -1;
      if (known >= 0) return this.endCount(known);
      this.counting = new CountRead(state.index, this.low, this.high, this.revision);
    }
    if (!this.counting.run(budget)) return budget;
    return this.endCount(this.counting.count);
  }

  private endCount(count: number): number {
    this.count = count;
    const isWanted = count > 0 && !this.request.countOnly;
    this.phase = isWanted ? "walk" : "done";
    return 1;
  }

  /** One key needs no walk. */
  private runSingle(): number {
    const { index } = this.state;
    const slot = index.find(this.request.key);
    this.phase = "done";
    if (slot < 0 || !index.resolve(slot, this.revision, shared)) return 1;
    this.count = 1;
    if (this.request.countOnly || !passesFilters(this.request, shared)) return 1;
    if (this.request.keysOnly && !this.keysOnly) {
      // Sorted by value: the pair is fetched and its value taken out.
      const changes = this.changes as SortedChanges;
      changes.add(slot, shared);
      this.phase = "load";
      return 1;
    }
    this.addPair(slot, shared);
    return 1;
  }

  // Walking.

  private walkPairs(budget: number): number {
    const { index } = this.state;
    const isNewest = this.revision >= index.newestRevision;
    const cursor = this.openCursor(isNewest);
    let visited = 0;
    let last = -1;
    let batch = FIRST_BATCH;
    for (;;) {
      while (cursor.entry < cursor.end) {
        const room = Math.min(this.walkLimit - this.pairs.count, budget - visited, batch);
        if (room <= 0 || this.gaps.length >= GAPS_MAX) break;
        const from = cursor.entry;
        const sizeBefore = this.pairs.size;
        cursor.entry = Math.min(cursor.end, from + room);
        last = slotOf(cursor.words[cursor.slots + cursor.entry - 1] as number);
        if (isNewest) this.addNewestOf(cursor, from);
        else this.addVisibleOf(cursor, from);
        const bytes = this.pairs.size - sizeBefore;
        visited += cursor.entry - from + costOfBytes(bytes);
        batch = bytes > BATCH_BYTES ? Math.max(1, batch >> 2) : Math.min(batch * 2, NODE_ENTRIES_LIMIT);
      }
      if (this.pairs.count >= this.walkLimit) return this.endWalk(visited, last);
      if (cursor.entry < cursor.end) {
        this.keepPlace(last);
        return visited;
      }
      if (!cursor.nextLeaf()) return this.endWalk(visited, last);
    }
  }

  /** Pairs of the live keys among the cursor's entries `[from, entry)`. */
  private addNewestOf(cursor: TreeCursor, from: number): void {
    const { words, slots, entry } = cursor;
    let count = 0;
    for (let i = from; i < entry; i++) {
      const slot = words[slots + i] as number;
      if (slot >= 0) chosen[count++] = slot;
    }
    this.addChosen(count);
  }

  /** Pairs that an older revision sees among the cursor's entries; most are the newest of their keys. */
  private addVisibleOf(cursor: TreeCursor, from: number): void {
    const { words, slots, entry } = cursor;
    const { index } = this.state;
    let count = 0;
    for (let i = from; i < entry; i++) {
      const found = words[slots + i] as number;
      const slot = slotOf(found);
      if (index.slots.mod(slot) <= this.revision) {
        if (found >= 0) chosen[count++] = slot;
        continue;
      }
      this.addChosen(count);
      count = 0;
      if (index.resolve(slot, this.revision, shared)) this.addPair(slot, shared);
    }
    this.addChosen(count);
  }

  /** The newest pairs of the first `count` slots of {@link chosen}. */
  private addChosen(count: number): void {
    const { index } = this.state;
    if (this.pairs.addSlots(index.slots, chosen, count, this.keysOnly)) {
      if (index.isBounded) for (let i = 0; i < count; i++) index.touch(chosen[i] as number);
      return;
    }
    for (let i = 0; i < count; i++) this.addNewest(chosen[i] as number);
  }

  private endWalk(visited: number, last: number): number {
    this.keepPlace(last);
    this.more = this.count > this.limit;
    this.phase = "done";
    if (this.more && this.isSettled) {
      const { low, high, revision } = this;
      this.state.countMemo.remember(revision, low, high, this.count - this.pairs.count);
    }
    return Math.max(visited, 1);
  }

  private walkChanges(budget: number, changes: SortedChanges): number {
    const { index } = this.state;
    const cursor = this.openCursor(false);
    let visited = 0;
    let last = -1;
    for (;;) {
      const { words, slots, end } = cursor;
      let entry = cursor.entry;
      for (; entry < end && changes.count < this.walkLimit; entry++) {
        if (visited >= budget) {
          this.keepPlace(last);
          return visited;
        }
        visited++;
        last = slotOf(words[slots + entry] as number);
        if (!index.resolve(last, this.revision, shared)) continue;
        if (passesFilters(this.request, shared)) changes.add(last, shared);
      }
      if (changes.count >= this.walkLimit || !cursor.nextLeaf()) {
        this.phase = "load";
        return Math.max(visited, 1);
      }
    }
  }

  private openCursor(liveOnly: boolean): TreeCursor {
    this.cursor ??= new TreeCursor(this.state.index.tree);
    this.cursor.seek(this.low, this.high, liveOnly);
    return this.cursor;
  }

  /** The next slice, or the next page, begins behind this slot's key. */
  private keepPlace(slot: number): void {
    if (slot < 0) return;
    const key = this.state.index.key(slot);
    const low = new Uint8Array(key.length + 1);
    low.set(key);
    this.low = low;
  }

  // Sorting, and the pairs of what is left.

  private runSort(budget: number, changes: SortedChanges): number {
    const progress = changes.sort(budget);
    if (!progress) return budget;
    this.more = changes.count > this.limit;
    this.phase = "fetch";
    return 1;
  }

  private fetchPairs(budget: number, changes: SortedChanges): number {
    const wanted = Math.min(changes.count, this.limit);
    let done = 0;
    let last = -1;
    while (this.fetched < wanted && done < budget && this.gaps.length < GAPS_MAX) {
      const sizeBefore = this.pairs.size;
      last = changes.read(this.fetched++, shared);
      const pair = changes.pair;
      if (pair === undefined) this.addPair(last, shared);
      else this.pairs.addBytes(this.request.keysOnly ? withoutValue(pair, 0, pair.length) : pair);
      done += 1 + costOfBytes(this.pairs.size - sizeBefore);
    }
    this.keepPlace(last);
    if (this.fetched === wanted) this.phase = "done";
    return Math.max(done, 1);
  }

  // Pairs.

  /** The newest change of a live key. */
  private addNewest(slot: number): void {
    const { index } = this.state;
    const { slots, arena } = index;
    const reference = slots.record(slot);
    if (this.keysOnly) {
      const isWhole = (slots.flags(slot) & COLD) === 0;
      if (isWhole) this.pairs.addRecord(reference, index.prefixSize(slot));
      else this.addPrefix(slot, slots.create(slot), slots.mod(slot), slots.version(slot));
      return;
    }
    if ((slots.flags(slot) & COLD) === 0) {
      index.touch(slot);
      this.pairs.addRecord(reference, arena.length(reference));
    } else this.addStored(slot, slots.mod(slot), slots.sub(slot));
  }

  private addPair(slot: number, change: ResolvedChange): void {
    const { slots } = this.state.index;
    const isNewest =
      slots.mod(slot) === change.main && slots.sub(slot) === change.sub && (slots.flags(slot) & LIVE) !== 0;
    if (isNewest) this.addNewest(slot);
    else if (this.keysOnly) this.addPrefix(slot, change.create, change.main, change.version);
    else this.addStored(slot, change.main, change.sub);
  }

  /** Key and revisions from the index alone. */
  private addPrefix(slot: number, create: number, mod: number, version: number): void {
    const key = this.state.index.key(slot);
    const bytes = new Uint8Array(keyPrefixSize(key.length, create, mod, version));
    writeKeyPrefix(bytes, 0, key, create, mod, version);
    this.pairs.addBytes(bytes);
  }

  private addStored(slot: number, main: number, sub: number): void {
    const pair = storedPair(this.state, main, sub);
    if (pair === MISS) this.gaps.push({ gap: this.pairs.addGap(), main, sub, slot });
    else this.pairs.addBytes(pair);
  }

  private fillGaps(): boolean {
    const missing: Gap[] = [];
    for (const gap of this.gaps) {
      const pair = storedPair(this.state, gap.main, gap.sub);
      if (pair === MISS) missing.push(gap);
      else this.pairs.fillGap(gap.gap, pair);
    }
    this.gaps = missing;
    return missing.length === 0;
  }
}

/** What bytes add to the use of a budget that is counted in keys: as much as keys with small values. */
export function costOfBytes(bytes: number): number {
  return bytes >>> 12;
}

/** End of a range; undefined: it is open. For a single key meaningless. */
export function rangeHigh(key: Uint8Array, rangeEnd: Uint8Array): Uint8Array | undefined {
  if (rangeEnd.length === 0) return key;
  return rangeEnd.length === 1 && rangeEnd[0] === 0 ? undefined : rangeEnd;
}

function hasFilters(request: RangeRequest): boolean {
  return (
    request.minModRevision !== 0 ||
    request.maxModRevision !== 0 ||
    request.minCreateRevision !== 0 ||
    request.maxCreateRevision !== 0
  );
}

function passesFilters(request: RangeRequest, change: ResolvedChange): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return (
    (maxModRevision === 0 || change.main <= maxModRevision) &&
    (minModRevision === 0 || change.main >= minModRevision) &&
    (maxCreateRevision === 0 || change.create <= maxCreateRevision) &&
    (minCreateRevision === 0 || change.create >= minCreateRevision)
  );
}
