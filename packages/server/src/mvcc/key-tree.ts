/**
 * The order of keys: a B+tree over slots, with counts of live keys in its branches.
 *
 * - Nodes are packed words ({@link NodePool}). An entry has a head: four bytes of its key after the prefix that all keys of the node
 *   share, as one word that compares like the bytes. A search is a binary search over heads; only equal heads look at keys.
 * - A leaf's entry is a slot number, or its complement for a key that is not live (deleted, and still of interest to readers of
 *   older revisions). Counts cover live keys.
 * - A branch has a separator before each child but the first: a short key of its own, above every key to its left and not
 *   above any to its right. Separators go only with their nodes, so a node that is closed on both sides by separators may trust that a key
 *   routed to it begins with its prefix. Nodes on the left and right rim have no such promise and compare the prefix first.
 *
 * Where keys and records lie is not its business: it is told by the slots and the arena.
 */

import { assert } from "@etcd-ts/base";
import {
  type Arena,
  type ArenaParts,
  RECORD_HEADER_BYTES,
  SLAB_SHIFT,
  type Slab,
  UNIT_MASK,
} from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { keyStartAt } from "./key-value.ts";
import { NODE_HEADER, NODE_LIVE, NODE_PREFIX, type NodePool, type PoolParts } from "./node-pool.ts";
import { compareRecordKey, headOf, recordKey, sharedLength, shortestBetween } from "./record-keys.ts";
import { buildTree } from "./tree-build.ts";
import { checkTree } from "./tree-check.ts";
import { slotOf, TreeNodes } from "./tree-nodes.ts";

const HEIGHT_MAX = 24;

export interface TreeParts {
  readonly leaves: PoolParts;
  readonly branches: PoolParts;
  readonly separators: ArenaParts;
  readonly root: number;
  readonly height: number;
  readonly count: number;
  readonly live: number;
}

export class KeyTree {
  /** Nodes visited by the last {@link find}, root first, with the entry taken in each. */
  readonly pathNodes = new Int32Array(HEIGHT_MAX);
  readonly pathEntries = new Int32Array(HEIGHT_MAX);
  /** Levels of branches above the leaves. */
  height = 0;
  root: number;
  /** All keys, live and not. */
  count = 0;
  /** Live keys. */
  live = 0;

  /** The leaf of the path is on a rim. */
  private leafOnRim = true;
  /** The key last looked for does not begin with the prefix of its leaf. */
  private foreignPrefix = false;

  readonly capacity: number;
  readonly leaves: NodePool;
  readonly branches: NodePool;
  private readonly nodes: TreeNodes;
  private readonly arena: Arena;
  private readonly slots: KeySlots;

  constructor(slots: KeySlots, arena: Arena, capacity: number) {
    this.slots = slots;
    this.arena = arena;
    this.capacity = capacity;
    this.nodes = new TreeNodes(slots, arena, capacity);
    this.leaves = this.nodes.leaves;
    this.branches = this.nodes.branches;
    this.root = this.leaves.allocate();
  }

  /**
   * Goes to the key's place and remembers the path. Returns its slot, live or not, or −1 when it is unknown: then the place is
   * where it would be inserted.
   */
  find(key: Uint8Array): number {
    let node = this.root;
    let leftRim = true;
    let rightRim = true;
    const height = this.height;
    for (let level = 0; level < height; level++) {
      const words = this.branches.words(node);
      const at = this.branches.at(node);
      const entry = this.childFor(words, at, key, leftRim || rightRim);
      this.pathNodes[level] = node;
      this.pathEntries[level] = entry;
      if (entry > 0) leftRim = false;
      if (entry < (words[at] as number) - 1) rightRim = false;
      node = words[at + NODE_HEADER + this.capacity + entry] as number;
    }
    this.pathNodes[height] = node;
    this.leafOnRim = leftRim || rightRim;
    return this.findInLeaf(node, key);
  }

  /** Inserts a key at the place where {@link find} has just not found it. */
  insert(slot: number, key: Uint8Array, isLive: boolean): void {
    this.makeRoom(key);
    const leaf = this.pathNodes[this.height] as number;
    const entry = this.pathEntries[this.height] as number;
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const entries = words[at] as number;
    if (this.foreignPrefix) this.nodes.setLeafPrefix(leaf, sharedLength(this.nodes.leafKey(leaf, 0), key));
    else if (entries === 0 && this.leafOnRim) words[at + NODE_PREFIX] = key.length;
    const heads = at + NODE_HEADER;
    const slots = heads + this.capacity;
    for (let i = entries; i > entry; i--) {
      words[heads + i] = words[heads + i - 1] as number;
      words[slots + i] = words[slots + i - 1] as number;
    }
    words[heads + entry] = headOf(key, 0, key.length, words[at + NODE_PREFIX] as number);
    words[slots + entry] = isLive ? slot : ~slot;
    words[at] = entries + 1;
    this.count++;
    if (isLive) this.addLive(1);
  }

  /** The key that {@link find} has just found becomes live, or ceases to be. */
  setLive(on: boolean): void {
    const leaf = this.pathNodes[this.height] as number;
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf) + NODE_HEADER + this.capacity + (this.pathEntries[this.height] as number);
    const entry = words[at] as number;
    assert(entry < 0 === on, "liveness changes");
    words[at] = ~entry;
    this.addLive(on ? 1 : -1);
  }

  /** Forgets the key that {@link find} has just found; it is not live. */
  remove(): void {
    const leaf = this.pathNodes[this.height] as number;
    const entry = this.pathEntries[this.height] as number;
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const entries = words[at] as number;
    const heads = at + NODE_HEADER;
    const slots = heads + this.capacity;
    assert((words[slots + entry] as number) < 0, "a live key is not forgotten");
    words.copyWithin(heads + entry, heads + entry + 1, heads + entries);
    words.copyWithin(slots + entry, slots + entry + 1, slots + entries);
    words[at] = entries - 1;
    this.count--;
    if (entries - 1 < this.capacity >> 2) this.mergeLeaf();
  }

  /** Live keys below `key`. */
  rank(key: Uint8Array): number {
    this.find(key);
    let rank = 0;
    for (let level = 0; level < this.height; level++) {
      const node = this.pathNodes[level] as number;
      const words = this.branches.words(node);
      const counts = this.branches.at(node) + NODE_HEADER + 2 * this.capacity;
      const entry = this.pathEntries[level] as number;
      for (let i = 0; i < entry; i++) rank += words[counts + i] as number;
    }
    const leaf = this.pathNodes[this.height] as number;
    const words = this.leaves.words(leaf);
    const slots = this.leaves.at(leaf) + NODE_HEADER + this.capacity;
    const entry = this.pathEntries[this.height] as number;
    for (let i = 0; i < entry; i++) if ((words[slots + i] as number) >= 0) rank++;
    return rank;
  }

  /** Negative, zero or positive as the slot's key is before, equal to or after `key`. */
  compareSlot(slot: number, key: Uint8Array): number {
    const reference = this.slots.record(slot);
    const slab = this.arena.slabs[reference >>> SLAB_SHIFT] as Slab;
    return compareRecordKey(slab.bytes, ((reference & UNIT_MASK) << 4) + RECORD_HEADER_BYTES, key, 0);
  }

  /** Fills the empty tree with all keys at once: slots in the order of their keys, complements for those that are not live. */
  build(entries: Int32Array): void {
    assert(this.count === 0 && this.height === 0, "a tree is built when it is empty");
    if (entries.length === 0) return;
    this.leaves.free(this.root);
    const built = buildTree(this.nodes, entries);
    this.root = built.root;
    this.height = built.height;
    this.live = built.live;
    this.count = entries.length;
  }

  /** For another thread. */
  dismantle(): TreeParts {
    const { root, height, count, live, nodes } = this;
    const leaves = this.leaves.dismantle();
    const branches = this.branches.dismantle();
    return { leaves, branches, separators: nodes.separators.dismantle(), root, height, count, live };
  }

  adoptParts(parts: TreeParts): void {
    assert(this.count === 0 && this.height === 0, "only a new tree takes another's nodes");
    this.leaves.adopt(parts.leaves);
    this.branches.adopt(parts.branches);
    this.nodes.separators.adopt(parts.separators);
    this.root = parts.root;
    this.height = parts.height;
    this.count = parts.count;
    this.live = parts.live;
  }

  // Search.

  /** Index of the child whose range holds the key. */
  private childFor(words: Int32Array, at: number, key: Uint8Array, onRim: boolean): number {
    const entries = words[at] as number;
    const heads = at + NODE_HEADER;
    const separators = heads + 3 * this.capacity;
    const prefix = words[at + NODE_PREFIX] as number;
    if (entries === 1) return 0;
    if (onRim && prefix > 0) {
      const order = this.comparePrefix(this.nodes.separators, words[separators + 1]! >>> 0, key, prefix);
      if (order !== 0) return order > 0 ? 0 : entries - 1;
    }
    const head = headOf(key, 0, key.length, prefix);
    // The last separator at or below the key; entry 0 has none.
    let lo = 0;
    let hi = entries - 1;
    while (lo < hi) {
      const middle = (lo + hi + 1) >>> 1;
      const other = words[heads + middle] as number;
      const above =
        other > head ||
        (other === head && this.compareSeparator(words[separators + middle]! >>> 0, key, prefix) > 0);
      if (above) hi = middle - 1;
      else lo = middle;
    }
    return lo;
  }

  private findInLeaf(leaf: number, key: Uint8Array): number {
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const entries = words[at] as number;
    const heads = at + NODE_HEADER;
    const slots = heads + this.capacity;
    const prefix = words[at + NODE_PREFIX] as number;
    this.foreignPrefix = false;
    if (this.leafOnRim && prefix > 0 && entries > 0) {
      const order = this.comparePrefix(
        this.arena,
        this.slots.record(slotOf(words[slots] as number)),
        key,
        prefix,
      );
      if (order !== 0) {
        this.foreignPrefix = true;
        this.pathEntries[this.height] = order > 0 ? 0 : entries;
        return -1;
      }
    }
    const head = headOf(key, 0, key.length, prefix);
    let lo = 0;
    let hi = entries;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      const other = words[heads + middle] as number;
      if (other < head) lo = middle + 1;
      else if (other > head) hi = middle;
      else {
        const slot = slotOf(words[slots + middle] as number);
        const order = this.compareSlotFrom(slot, key, prefix);
        if (order === 0) {
          this.pathEntries[this.height] = middle;
          return slot;
        }
        if (order < 0) lo = middle + 1;
        else hi = middle;
      }
    }
    this.pathEntries[this.height] = lo;
    return -1;
  }

  private compareSlotFrom(slot: number, key: Uint8Array, from: number): number {
    const reference = this.slots.record(slot);
    const slab = this.arena.slabs[reference >>> SLAB_SHIFT] as Slab;
    return compareRecordKey(slab.bytes, ((reference & UNIT_MASK) << 4) + RECORD_HEADER_BYTES, key, from);
  }

  private compareSeparator(reference: number, key: Uint8Array, from: number): number {
    const slab = this.nodes.separators.slabs[reference >>> SLAB_SHIFT] as Slab;
    return compareRecordKey(slab.bytes, ((reference & UNIT_MASK) << 4) + RECORD_HEADER_BYTES, key, from);
  }

  /** Order of the record's first `prefix` key bytes against the key's; zero: the key begins with them. */
  private comparePrefix(arena: Arena, reference: number, key: Uint8Array, prefix: number): number {
    const bytes = arena.bytes(reference);
    const start = keyStartAt(bytes, arena.start(reference));
    const shared = Math.min(prefix, key.length);
    for (let i = 0; i < shared; i++) {
      const difference = (bytes[start + i] as number) - (key[i] as number);
      if (difference !== 0) return difference;
    }
    return prefix - shared;
  }

  private addLive(change: number): void {
    const height = this.height;
    for (let level = 0; level < height; level++) {
      const node = this.pathNodes[level] as number;
      const words = this.branches.words(node);
      const at =
        this.branches.at(node) + NODE_HEADER + 2 * this.capacity + (this.pathEntries[level] as number);
      words[at] = (words[at] as number) + change;
    }
    const leaf = this.pathNodes[height] as number;
    const at = this.leaves.at(leaf) + NODE_LIVE;
    const words = this.leaves.words(leaf);
    words[at] = (words[at] as number) + change;
    this.live += change;
  }

  // Fences.

  /** The separator before the subtree at `level` of the path; undefined at the left rim. */
  private lowFence(level: number): Uint8Array | undefined {
    for (let above = level - 1; above >= 0; above--) {
      const entry = this.pathEntries[above] as number;
      if (entry > 0) return this.nodes.separatorKey(this.pathNodes[above] as number, entry);
    }
    return undefined;
  }

  private highFence(level: number): Uint8Array | undefined {
    for (let above = level - 1; above >= 0; above--) {
      const node = this.pathNodes[above] as number;
      const entry = this.pathEntries[above] as number;
      if (entry + 1 < (this.branches.words(node)[this.branches.at(node)] as number)) {
        return this.nodes.separatorKey(node, entry + 1);
      }
    }
    return undefined;
  }

  // Splits. After each the path is found anew: they are rare.

  /** Splits what is full on the path, a node with room above it first, until the leaf has room. */
  private makeRoom(key: Uint8Array): void {
    while (this.entriesAt(this.height) === this.capacity) {
      let level = this.height;
      while (level > 0 && this.entriesAt(level - 1) === this.capacity) level--;
      if (level === this.height) this.splitLeaf();
      else this.splitBranch(level);
      this.find(key);
    }
  }

  private entriesAt(level: number): number {
    const node = this.pathNodes[level] as number;
    const pool = level === this.height ? this.leaves : this.branches;
    return pool.words(node)[pool.at(node)] as number;
  }

  private splitLeaf(): void {
    const capacity = this.capacity;
    const leaf = this.pathNodes[this.height] as number;
    const right = this.leaves.allocate();
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const rightWords = this.leaves.words(right);
    const rightAt = this.leaves.at(right);
    const low = this.lowFence(this.height);
    const high = this.highFence(this.height);
    // Keys that arrive in order leave full leaves behind; others find room on both sides.
    const inOrder = high === undefined && this.pathEntries[this.height] === capacity;
    const keep = inOrder ? capacity - 1 : capacity >> 1;
    let movedLive = 0;
    for (let i = keep; i < capacity; i++) {
      const slot = words[at + NODE_HEADER + capacity + i] as number;
      rightWords[rightAt + NODE_HEADER + capacity + i - keep] = slot;
      if (slot >= 0) movedLive++;
    }
    words[at] = keep;
    words[at + NODE_LIVE] = (words[at + NODE_LIVE] as number) - movedLive;
    rightWords[rightAt] = capacity - keep;
    rightWords[rightAt + NODE_LIVE] = movedLive;
    const separator = shortestBetween(this.nodes.leafKey(leaf, keep - 1), this.nodes.leafKey(right, 0));
    this.nodes.refreshLeafPrefix(leaf, low, separator);
    this.nodes.refreshLeafPrefix(right, separator, high);
    this.adopt(this.height, right, movedLive, this.nodes.storeSeparator(separator));
  }

  private splitBranch(level: number): void {
    const capacity = this.capacity;
    const branch = this.pathNodes[level] as number;
    const right = this.branches.allocate();
    const words = this.branches.words(branch);
    const from = this.branches.at(branch);
    const rightWords = this.branches.words(right);
    const to = this.branches.at(right);
    const low = this.lowFence(level);
    const high = this.highFence(level);
    const keep =
      high === undefined && this.pathEntries[level] === capacity - 1 ? capacity - 1 : capacity >> 1;
    for (let column = 0; column < 4; column++) {
      const source = from + NODE_HEADER + column * capacity;
      rightWords.set(words.subarray(source + keep, source + capacity), to + NODE_HEADER + column * capacity);
    }
    words[from] = keep;
    rightWords[to] = capacity - keep;
    let movedLive = 0;
    for (let i = 0; i < capacity - keep; i++) {
      movedLive += rightWords[to + NODE_HEADER + 2 * capacity + i] as number;
    }
    // The separator before the first child that moved goes up.
    const reference = rightWords[to + NODE_HEADER + 3 * capacity]! >>> 0;
    const separator = recordKey(this.nodes.separators, reference);
    this.nodes.refreshBranchPrefix(branch, low, separator);
    this.nodes.refreshBranchPrefix(right, separator, high);
    this.adopt(level, right, movedLive, reference);
  }

  /** Puts `right`, split off the path's node at `level`, into the parent, which has room. */
  private adopt(level: number, right: number, movedLive: number, separator: number): void {
    if (level === 0) this.growRoot();
    const parentLevel = level === 0 ? 0 : level - 1;
    const capacity = this.capacity;
    const parent = this.pathNodes[parentLevel] as number;
    const entry = (this.pathEntries[parentLevel] as number) + 1;
    const words = this.branches.words(parent);
    const at = this.branches.at(parent);
    const entries = words[at] as number;
    const first = at + NODE_HEADER;
    for (let column = 0; column < 4; column++) {
      const from = first + column * capacity;
      words.copyWithin(from + entry + 1, from + entry, from + entries);
    }
    words[at] = entries + 1;
    words[first + capacity + entry] = right;
    words[first + 2 * capacity + entry] = movedLive;
    words[first + 2 * capacity + entry - 1] = (words[first + 2 * capacity + entry - 1] as number) - movedLive;
    words[first + 3 * capacity + entry] = separator;
    this.admitSeparator(parentLevel, entry);
  }

  /** A new root over the old one, which becomes its only child and the path's second level. */
  private growRoot(): void {
    const root = this.branches.allocate();
    const words = this.branches.words(root);
    const at = this.branches.at(root);
    words[at] = 1;
    words[at + NODE_HEADER + this.capacity] = this.root;
    words[at + NODE_HEADER + 2 * this.capacity] = this.live;
    words[at + NODE_HEADER + 3 * this.capacity] = 0;
    this.root = root;
    this.height++;
    assert(this.height < HEIGHT_MAX, "the tree is not deeper than its path");
    this.pathNodes[0] = root;
    this.pathEntries[0] = 0;
  }

  /** Fits a branch's prefix to the separator just placed at `entry`, and gives that one its head. */
  private admitSeparator(level: number, entry: number): void {
    const branch = this.pathNodes[level] as number;
    const words = this.branches.words(branch);
    const at = this.branches.at(branch);
    const key = this.nodes.separatorKey(branch, entry);
    const prefix = words[at + NODE_PREFIX] as number;
    let fitting = prefix;
    if (this.lowFence(level) === undefined || this.highFence(level) === undefined) {
      const isOnly = (words[at] as number) === 2;
      fitting = isOnly ? key.length : sharedLength(key, this.nodes.separatorKey(branch, entry === 1 ? 2 : 1));
    }
    if (fitting < prefix || (words[at] as number) === 2) this.nodes.setBranchPrefix(branch, fitting);
    else words[at + NODE_HEADER + entry] = headOf(key, 0, key.length, prefix);
  }

  // Merges.

  /** The path's leaf has become sparse: joins it with a sibling if both fit one node with room to spare, or if it is empty. */
  private mergeLeaf(): void {
    if (this.height === 0) return;
    const left = this.leftOfPair(this.height);
    if (left < 0) return;
    const level = this.height - 1;
    const parent = this.pathNodes[level] as number;
    const a = this.nodes.child(parent, left);
    const b = this.nodes.child(parent, left + 1);
    const aWords = this.leaves.words(a);
    const aAt = this.leaves.at(a);
    const bWords = this.leaves.words(b);
    const bAt = this.leaves.at(b);
    const aCount = aWords[aAt] as number;
    const bCount = bWords[bAt] as number;
    if (!this.worthMerging(aCount, bCount)) return;
    const column = NODE_HEADER + this.capacity;
    aWords.set(bWords.subarray(bAt + column, bAt + column + bCount), aAt + column + aCount);
    aWords[aAt] = aCount + bCount;
    aWords[aAt + NODE_LIVE] = (aWords[aAt + NODE_LIVE] as number) + (bWords[bAt + NODE_LIVE] as number);
    this.leaves.free(b);
    this.nodes.separators.free(this.orphan(parent, left + 1));
    this.pathEntries[level] = left;
    this.nodes.refreshLeafPrefix(a, this.lowFence(this.height), this.highFence(this.height));
    this.mergeBranch(level);
  }

  private mergeBranch(level: number): void {
    const branch = this.pathNodes[level] as number;
    const entries = this.branches.words(branch)[this.branches.at(branch)] as number;
    if (level === 0) {
      if (entries === 1) this.shrinkRoot();
      return;
    }
    if (entries >= this.capacity >> 2 && entries > 1) return;
    const left = this.leftOfPair(level);
    if (left < 0) return;
    const parent = this.pathNodes[level - 1] as number;
    const a = this.nodes.child(parent, left);
    const b = this.nodes.child(parent, left + 1);
    const aWords = this.branches.words(a);
    const aAt = this.branches.at(a);
    const bWords = this.branches.words(b);
    const bAt = this.branches.at(b);
    const aCount = aWords[aAt] as number;
    const bCount = bWords[bAt] as number;
    if (!this.worthMerging(aCount, bCount)) return;
    for (let column = 0; column < 4; column++) {
      const offset = NODE_HEADER + column * this.capacity;
      aWords.set(bWords.subarray(bAt + offset, bAt + offset + bCount), aAt + offset + aCount);
    }
    // The separator between the two comes down to stand before the first child of the right one.
    aWords[aAt + NODE_HEADER + 3 * this.capacity + aCount] = this.orphan(parent, left + 1);
    aWords[aAt] = aCount + bCount;
    this.branches.free(b);
    this.pathEntries[level - 1] = left;
    this.nodes.refreshBranchPrefix(a, this.lowFence(level), this.highFence(level));
    this.mergeBranch(level - 1);
  }

  private shrinkRoot(): void {
    const old = this.root;
    this.root = this.nodes.child(old, 0);
    this.branches.free(old);
    this.height--;
    if (this.height === 0) return;
    const words = this.branches.words(this.root);
    if (words[this.branches.at(this.root)] === 1) this.shrinkRoot();
  }

  /** Entry in the parent of the left one of two siblings, one of which is the path's node at `level`; −1: it has none. */
  private leftOfPair(level: number): number {
    const entry = this.pathEntries[level - 1] as number;
    if (entry + 1 < this.entriesAt(level - 1)) return entry;
    return entry - 1;
  }

  private worthMerging(a: number, b: number): boolean {
    if (a === 0 || b === 0) return true;
    return a + b <= this.capacity - (this.capacity >> 2) || (a + b <= this.capacity && (a === 1 || b === 1));
  }

  /** Takes a child, merged into the one before it, out of its parent and returns its separator. */
  private orphan(parent: number, entry: number): number {
    const words = this.branches.words(parent);
    const at = this.branches.at(parent);
    const entries = words[at] as number;
    const first = at + NODE_HEADER;
    const counts = first + 2 * this.capacity;
    const separator = words[first + 3 * this.capacity + entry]! >>> 0;
    words[counts + entry - 1] = (words[counts + entry - 1] as number) + (words[counts + entry] as number);
    for (let column = 0; column < 4; column++) {
      const from = first + column * this.capacity;
      words.copyWithin(from + entry, from + entry + 1, from + entries);
    }
    words[at] = entries - 1;
    return separator;
  }

  // Checks.

  invariants(): void {
    const { count, live } = checkTree(this.nodes, this.root, this.height);
    assert(count === this.count && live === this.live, "counts are those of the entries");
  }

  describe(): string {
    return `keys ${this.count} live ${this.live} height ${this.height} leaves ${this.leaves.count} branches ${this.branches.count}`;
  }
}
