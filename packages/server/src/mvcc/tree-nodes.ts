/**
 * The nodes of a {@link KeyTree} and what is in them: entries, prefixes, heads, separators. Which node is whose child, and when one is
 * split or joined, is the tree's business.
 */

import { assert } from "@etcd-ts/base";
import { Arena } from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { keyFieldSize, writeKeyField } from "./key-value.ts";
import { NODE_HEADER, NODE_PREFIX, NodePool } from "./node-pool.ts";
import { recordHead, recordKey, sharedLength } from "./record-keys.ts";

export const NODE_ENTRIES_LIMIT = 1024;

export class TreeNodes {
  readonly leaves: NodePool;
  readonly branches: NodePool;
  readonly capacity: number;
  /** Records of separators' keys. */
  readonly separators = new Arena();
  private readonly arena: Arena;
  private readonly slots: KeySlots;

  constructor(slots: KeySlots, arena: Arena, capacity: number) {
    assert(
      capacity >= 4 && capacity <= NODE_ENTRIES_LIMIT,
      "a node has room for a few entries, not for too many",
    );
    this.slots = slots;
    this.arena = arena;
    this.capacity = capacity;
    this.leaves = new NodePool(NODE_HEADER + 2 * capacity);
    this.branches = new NodePool(NODE_HEADER + 4 * capacity);
  }

  child(branch: number, entry: number): number {
    return this.branches.words(branch)[
      this.branches.at(branch) + NODE_HEADER + this.capacity + entry
    ] as number;
  }

  separatorKey(branch: number, entry: number): Uint8Array {
    const reference =
      this.branches.words(branch)[this.branches.at(branch) + NODE_HEADER + 3 * this.capacity + entry]! >>> 0;
    return recordKey(this.separators, reference);
  }

  leafKey(leaf: number, entry: number): Uint8Array {
    const slot = this.leaves.words(leaf)[
      this.leaves.at(leaf) + NODE_HEADER + this.capacity + entry
    ] as number;
    return recordKey(this.arena, this.slots.record(slotOf(slot)));
  }

  lastKey(leaf: number): Uint8Array {
    return this.leafKey(leaf, (this.leaves.words(leaf)[this.leaves.at(leaf)] as number) - 1);
  }

  storeSeparator(key: Uint8Array): number {
    const reference = this.separators.allocate(keyFieldSize(key.length), -1);
    writeKeyField(this.separators.bytes(reference), this.separators.start(reference), key);
    return reference;
  }

  setLeafPrefix(leaf: number, prefix: number): void {
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const heads = at + NODE_HEADER;
    words[at + NODE_PREFIX] = prefix;
    for (let i = 0; i < (words[at] as number); i++) {
      const reference = this.slots.record(slotOf(words[heads + this.capacity + i] as number));
      words[heads + i] = recordHead(this.arena, reference, prefix);
    }
  }

  setBranchPrefix(branch: number, prefix: number): void {
    const words = this.branches.words(branch);
    const at = this.branches.at(branch);
    const heads = at + NODE_HEADER;
    words[at + NODE_PREFIX] = prefix;
    for (let i = 1; i < (words[at] as number); i++) {
      words[heads + i] = recordHead(this.separators, words[heads + 3 * this.capacity + i]! >>> 0, prefix);
    }
  }

  /** The prefix of a node between two fences; on a rim the one that its own keys share. */
  refreshLeafPrefix(leaf: number, low: Uint8Array | undefined, high: Uint8Array | undefined): void {
    const entries = this.leaves.words(leaf)[this.leaves.at(leaf)] as number;
    if (low !== undefined && high !== undefined) this.setLeafPrefix(leaf, sharedLength(low, high));
    else if (entries > 0) {
      this.setLeafPrefix(leaf, sharedLength(this.leafKey(leaf, 0), this.leafKey(leaf, entries - 1)));
    }
  }

  refreshBranchPrefix(branch: number, low: Uint8Array | undefined, high: Uint8Array | undefined): void {
    const entries = this.branches.words(branch)[this.branches.at(branch)] as number;
    if (low !== undefined && high !== undefined) this.setBranchPrefix(branch, sharedLength(low, high));
    else if (entries > 1) {
      const prefix = sharedLength(this.separatorKey(branch, 1), this.separatorKey(branch, entries - 1));
      this.setBranchPrefix(branch, prefix);
    }
  }
}

/** The slot of a leaf's entry, live or not. */
export function slotOf(entry: number): number {
  return entry < 0 ? ~entry : entry;
}
