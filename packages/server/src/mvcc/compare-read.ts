/**
 * One comparison of a txn (`api-semantics.md` 7), at a revision: true when it holds for the key, or for every existing key of the range.
 * A missing key, or a range without keys, compares as zeros, and never in its value.
 */

import { assert, compareBytes } from "@etcd-ts/base";
import { type Compare, CompareResult, CompareTarget } from "@etcd-ts/proto";
import { MISS, type Miss } from "@etcd-ts/storage";
import { ResolvedChange } from "./key-index.ts";
import { LIVE } from "./key-slots.ts";
import { parsed, parseKeyValue, readLease } from "./key-value.ts";
import { rangeHigh } from "./range-read.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress } from "./store-types.ts";
import { newestPair, storedPair } from "./stored-pair.ts";
import { TreeCursor } from "./tree-cursor.ts";
import { slotOf } from "./tree-nodes.ts";

const change = new ResolvedChange();
const ABSENT = new ResolvedChange();

export class CompareRead {
  holds = true;
  private readonly state: StoreState;
  private readonly compare: Compare;
  private readonly revision: number;
  private readonly high: Uint8Array | undefined;
  private low: Uint8Array;
  private cursor: TreeCursor | undefined;
  private found = 0;

  constructor(state: StoreState, compare: Compare, revision: number) {
    this.state = state;
    this.compare = compare;
    this.revision = revision;
    this.low = compare.key;
    this.high = rangeHigh(compare.key, compare.rangeEnd);
  }

  run(budget: number): Progress {
    if (this.compare.rangeEnd.length === 0) return this.runSingle();
    const isEmpty = this.high !== undefined && compareBytes(this.low, this.high) >= 0;
    if (!isEmpty) {
      const progress = this.runRange(budget);
      if (progress !== "done") return progress;
    }
    if (this.found === 0) this.holds = this.holdsForAbsent();
    return "done";
  }

  private runSingle(): Progress {
    const { index } = this.state;
    const slot = index.find(this.compare.key);
    if (slot < 0 || !index.resolve(slot, this.revision, change)) {
      this.holds = this.holdsForAbsent();
      return "done";
    }
    const holds = this.holdsFor(slot);
    if (holds === MISS) return "miss";
    this.holds = holds;
    return "done";
  }

  /** Ends at the first key for which it does not hold. */
  private runRange(budget: number): Progress {
    const { index } = this.state;
    this.cursor ??= new TreeCursor(index.tree);
    const { cursor } = this;
    cursor.seek(this.low, this.high, false);
    let left = budget;
    do {
      for (; cursor.entry < cursor.end; cursor.entry++) {
        const slot = slotOf(cursor.words[cursor.slots + cursor.entry] as number);
        if (left-- <= 0) {
          this.low = new Uint8Array(index.key(slot));
          return "more";
        }
        if (!index.resolve(slot, this.revision, change)) continue;
        const holds = this.holdsFor(slot);
        if (holds === MISS) {
          this.low = new Uint8Array(index.key(slot));
          return "miss";
        }
        this.found++;
        this.holds = holds;
        if (!holds) return "done";
      }
    } while (cursor.nextLeaf());
    return "done";
  }

  private holdsForAbsent(): boolean {
    if (this.compare.target === CompareTarget.VALUE) return false;
    if (this.compare.target === CompareTarget.LEASE)
      return this.satisfies(compareLeases(0n, leaseOperand(this.compare)));
    return this.satisfies(compareRevisions(this.compare, ABSENT));
  }

  /** For the {@link change} of a slot that was just resolved. */
  private holdsFor(slot: number): boolean | Miss {
    const { target } = this.compare;
    if (target === CompareTarget.VALUE) {
      const pair = this.pairOf(slot);
      if (pair === MISS) return MISS;
      const isPair = parseKeyValue(pair, 0, pair.length);
      assert(isPair, "a record is a pair");
      const value = pair.subarray(parsed.valueStart, parsed.valueEnd);
      return this.satisfies(compareBytes(value, valueOperand(this.compare)));
    }
    if (target === CompareTarget.LEASE) {
      const lease = this.leaseOf(slot);
      return lease === MISS ? MISS : this.satisfies(compareLeases(lease, leaseOperand(this.compare)));
    }
    return this.satisfies(compareRevisions(this.compare, change));
  }

  private isNewest(slot: number): boolean {
    const { slots } = this.state.index;
    return (
      slots.mod(slot) === change.main && slots.sub(slot) === change.sub && (slots.flags(slot) & LIVE) !== 0
    );
  }

  private pairOf(slot: number): Uint8Array | Miss {
    if (this.isNewest(slot)) return newestPair(this.state, slot);
    return storedPair(this.state, change.main, change.sub);
  }

  private leaseOf(slot: number): bigint | Miss {
    if (this.isNewest(slot)) return this.state.index.lease(slot);
    const pair = storedPair(this.state, change.main, change.sub);
    if (pair === MISS) return MISS;
    parseKeyValue(pair, 0, pair.length);
    return parsed.leaseStart === 0 ? 0n : readLease(pair, parsed.leaseStart);
  }

  private satisfies(order: number): boolean {
    switch (this.compare.result) {
      case CompareResult.EQUAL:
        return order === 0;
      case CompareResult.NOT_EQUAL:
        return order !== 0;
      case CompareResult.GREATER:
        return order > 0;
      case CompareResult.LESS:
        return order < 0;
      default:
        return true;
    }
  }
}

/** Order of the stored number against the given one; an unknown target compares as equal. */
function compareRevisions(compare: Compare, stored: ResolvedChange): number {
  const { targetUnion } = compare;
  switch (compare.target) {
    case CompareTarget.VERSION:
      return stored.version - (targetUnion === "version" ? compare.version : 0);
    case CompareTarget.CREATE:
      return stored.create - (targetUnion === "createRevision" ? compare.createRevision : 0);
    case CompareTarget.MOD:
      return stored.main - (targetUnion === "modRevision" ? compare.modRevision : 0);
    default:
      return 0;
  }
}

const NO_VALUE = new Uint8Array(0);

function valueOperand(compare: Compare): Uint8Array {
  return compare.targetUnion === "value" ? compare.value : NO_VALUE;
}

function leaseOperand(compare: Compare): bigint {
  return compare.targetUnion === "lease" ? compare.lease : 0n;
}

function compareLeases(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
