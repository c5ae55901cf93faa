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

import { assert, compareBytes } from "@etcd-ts/base";
import { Arena, RECORD_HEADER_BYTES, SLAB_SHIFT, type Slab, UNIT_MASK } from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { keyFieldSize, keyLengthAt, keyStartAt, writeKeyField } from "./key-value.ts";
import { NODE_HEADER, NODE_LIVE, NODE_PREFIX, NodePool } from "./node-pool.ts";

const HEIGHT_MAX = 24;
export const NODE_ENTRIES_LIMIT = 1024;

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

  readonly leaves: NodePool;
  readonly branches: NodePool;
  readonly capacity: number;
  private readonly separators = new Arena();
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
    if (this.foreignPrefix) this.setLeafPrefix(leaf, sharedLength(this.leafKey(leaf, 0), key));
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
    this.count = entries.length;
    let level = this.buildLeaves(entries);
    this.live = level.lives.reduce((sum, live) => sum + live, 0);
    while (level.nodes.length > 1) {
      level = this.buildBranches(level);
      this.height++;
    }
    this.root = level.nodes[0] as number;
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
      const order = this.comparePrefix(this.separators, words[separators + 1]! >>> 0, key, prefix);
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
    const slab = this.separators.slabs[reference >>> SLAB_SHIFT] as Slab;
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

  // Prefixes and heads.

  private setLeafPrefix(leaf: number, prefix: number): void {
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const heads = at + NODE_HEADER;
    words[at + NODE_PREFIX] = prefix;
    for (let i = 0; i < (words[at] as number); i++) {
      const reference = this.slots.record(slotOf(words[heads + this.capacity + i] as number));
      words[heads + i] = recordHead(this.arena, reference, prefix);
    }
  }

  private setBranchPrefix(branch: number, prefix: number): void {
    const words = this.branches.words(branch);
    const at = this.branches.at(branch);
    const heads = at + NODE_HEADER;
    words[at + NODE_PREFIX] = prefix;
    for (let i = 1; i < (words[at] as number); i++) {
      words[heads + i] = recordHead(this.separators, words[heads + 3 * this.capacity + i]! >>> 0, prefix);
    }
  }

  /** The separator before the subtree at `level` of the path; undefined at the left rim. */
  private lowFence(level: number): Uint8Array | undefined {
    for (let above = level - 1; above >= 0; above--) {
      const entry = this.pathEntries[above] as number;
      if (entry > 0) return this.separatorKey(this.pathNodes[above] as number, entry);
    }
    return undefined;
  }

  private highFence(level: number): Uint8Array | undefined {
    for (let above = level - 1; above >= 0; above--) {
      const node = this.pathNodes[above] as number;
      const entry = this.pathEntries[above] as number;
      if (entry + 1 < (this.branches.words(node)[this.branches.at(node)] as number)) {
        return this.separatorKey(node, entry + 1);
      }
    }
    return undefined;
  }

  private separatorKey(branch: number, entry: number): Uint8Array {
    const reference =
      this.branches.words(branch)[this.branches.at(branch) + NODE_HEADER + 3 * this.capacity + entry]! >>> 0;
    return recordKey(this.separators, reference);
  }

  private leafKey(leaf: number, entry: number): Uint8Array {
    const slot = this.leaves.words(leaf)[
      this.leaves.at(leaf) + NODE_HEADER + this.capacity + entry
    ] as number;
    return recordKey(this.arena, this.slots.record(slotOf(slot)));
  }

  /** The prefix of a node between two fences; on a rim the one that its own keys share. */
  private refreshLeafPrefix(leaf: number, low: Uint8Array | undefined, high: Uint8Array | undefined): void {
    const entries = this.leaves.words(leaf)[this.leaves.at(leaf)] as number;
    if (low !== undefined && high !== undefined) this.setLeafPrefix(leaf, sharedLength(low, high));
    else if (entries > 0) {
      this.setLeafPrefix(leaf, sharedLength(this.leafKey(leaf, 0), this.leafKey(leaf, entries - 1)));
    }
  }

  private refreshBranchPrefix(
    branch: number,
    low: Uint8Array | undefined,
    high: Uint8Array | undefined,
  ): void {
    const entries = this.branches.words(branch)[this.branches.at(branch)] as number;
    if (low !== undefined && high !== undefined) this.setBranchPrefix(branch, sharedLength(low, high));
    else if (entries > 1) {
      const prefix = sharedLength(this.separatorKey(branch, 1), this.separatorKey(branch, entries - 1));
      this.setBranchPrefix(branch, prefix);
    }
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
    const separator = shortestBetween(this.leafKey(leaf, keep - 1), this.leafKey(right, 0));
    this.refreshLeafPrefix(leaf, low, separator);
    this.refreshLeafPrefix(right, separator, high);
    this.adopt(this.height, right, movedLive, this.storeSeparator(separator));
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
    const separator = recordKey(this.separators, reference);
    this.refreshBranchPrefix(branch, low, separator);
    this.refreshBranchPrefix(right, separator, high);
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
    const key = this.separatorKey(branch, entry);
    const prefix = words[at + NODE_PREFIX] as number;
    let fitting = prefix;
    if (this.lowFence(level) === undefined || this.highFence(level) === undefined) {
      const isOnly = (words[at] as number) === 2;
      fitting = isOnly ? key.length : sharedLength(key, this.separatorKey(branch, entry === 1 ? 2 : 1));
    }
    if (fitting < prefix || (words[at] as number) === 2) this.setBranchPrefix(branch, fitting);
    else words[at + NODE_HEADER + entry] = headOf(key, 0, key.length, prefix);
  }

  private storeSeparator(key: Uint8Array): number {
    const reference = this.separators.allocate(keyFieldSize(key.length), -1);
    writeKeyField(this.separators.bytes(reference), this.separators.start(reference), key);
    return reference;
  }

  // Building.

  private buildLeaves(entries: Int32Array): BuiltLevel {
    const level: BuiltLevel = { nodes: [], lives: [], separators: [] };
    const bounds = evenParts(entries.length, this.capacity);
    for (let part = 0; part + 1 < bounds.length; part++) {
      const leaf = this.leaves.allocate();
      const words = this.leaves.words(leaf);
      const at = this.leaves.at(leaf);
      const from = bounds[part] as number;
      const count = (bounds[part + 1] as number) - from;
      let live = 0;
      for (let i = 0; i < count; i++) {
        const entry = entries[from + i] as number;
        words[at + NODE_HEADER + this.capacity + i] = entry;
        if (entry >= 0) live++;
      }
      words[at] = count;
      words[at + NODE_LIVE] = live;
      const before = level.nodes.at(-1);
      level.separators.push(
        before === undefined
          ? undefined
          : new Uint8Array(shortestBetween(this.lastKey(before), this.leafKey(leaf, 0))),
      );
      level.nodes.push(leaf);
      level.lives.push(live);
    }
    level.nodes.forEach((leaf, i) => {
      this.refreshLeafPrefix(leaf, level.separators[i], level.separators[i + 1]);
    });
    return level;
  }

  private buildBranches(below: BuiltLevel): BuiltLevel {
    const level: BuiltLevel = { nodes: [], lives: [], separators: [] };
    const bounds = evenParts(below.nodes.length, this.capacity);
    for (let part = 0; part + 1 < bounds.length; part++) {
      const branch = this.branches.allocate();
      const words = this.branches.words(branch);
      const at = this.branches.at(branch);
      const from = bounds[part] as number;
      const to = bounds[part + 1] as number;
      const children = at + NODE_HEADER + this.capacity;
      let live = 0;
      for (let i = from; i < to; i++) {
        const separator = below.separators[i];
        words[children + i - from] = below.nodes[i] as number;
        words[children + this.capacity + i - from] = below.lives[i] as number;
        words[children + 2 * this.capacity + i - from] =
          i === from || separator === undefined ? 0 : this.storeSeparator(separator);
        live += below.lives[i] as number;
      }
      words[at] = to - from;
      this.refreshBranchPrefix(branch, below.separators[from], below.separators[to]);
      level.nodes.push(branch);
      level.lives.push(live);
      level.separators.push(below.separators[from]);
    }
    return level;
  }

  private lastKey(leaf: number): Uint8Array {
    return this.leafKey(leaf, (this.leaves.words(leaf)[this.leaves.at(leaf)] as number) - 1);
  }

  // Merges.

  /** The path's leaf has become sparse: joins it with a sibling if both fit one node with room to spare, or if it is empty. */
  private mergeLeaf(): void {
    if (this.height === 0) return;
    const left = this.leftOfPair(this.height);
    if (left < 0) return;
    const level = this.height - 1;
    const parent = this.pathNodes[level] as number;
    const a = this.child(parent, left);
    const b = this.child(parent, left + 1);
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
    this.separators.free(this.orphan(parent, left + 1));
    this.pathEntries[level] = left;
    this.refreshLeafPrefix(a, this.lowFence(this.height), this.highFence(this.height));
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
    const a = this.child(parent, left);
    const b = this.child(parent, left + 1);
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
    this.refreshBranchPrefix(a, this.lowFence(level), this.highFence(level));
    this.mergeBranch(level - 1);
  }

  private shrinkRoot(): void {
    const old = this.root;
    this.root = this.child(old, 0);
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

  private child(branch: number, entry: number): number {
    return this.branches.words(branch)[
      this.branches.at(branch) + NODE_HEADER + this.capacity + entry
    ] as number;
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

  describe(): string {
    return `keys ${this.count} live ${this.live} height ${this.height} leaves ${this.leaves.count} branches ${this.branches.count}`;
  }

  /** Order, counts, heads and fences, node by node. */
  invariants(): void {
    const totals = { count: 0, live: 0, leaves: 0, branches: 0 };
    this.checkNode(this.root, 0, undefined, undefined, totals);
    assert(totals.count === this.count && totals.live === this.live, "counts are those of the entries");
    assert(totals.leaves === this.leaves.count, "every leaf is reached");
    assert(totals.branches === this.branches.count, "every branch is reached");
    this.separators.invariants();
  }

  private checkNode(
    node: number,
    level: number,
    low: Uint8Array | undefined,
    high: Uint8Array | undefined,
    totals: { count: number; live: number; leaves: number; branches: number },
  ): number {
    if (level === this.height) return this.checkLeaf(node, low, high, totals);
    totals.branches++;
    const words = this.branches.words(node);
    const at = this.branches.at(node);
    const entries = words[at] as number;
    const prefix = words[at + NODE_PREFIX] as number;
    let live = 0;
    let before = low;
    for (let i = 0; i < entries; i++) {
      const after = i + 1 < entries ? this.separatorKey(node, i + 1) : high;
      if (i > 0) {
        const key = this.separatorKey(node, i);
        assert(
          words[at + NODE_HEADER + i] === headOf(key, 0, key.length, prefix),
          "a head is its separator's",
        );
      }
      assert(before === undefined || after === undefined || compareBytes(before, after) < 0, "fences ascend");
      const counted = this.checkNode(this.child(node, i), level + 1, before, after, totals);
      assert(counted === words[at + NODE_HEADER + 2 * this.capacity + i], "a count is its subtree's");
      live += counted;
      before = after;
    }
    if (low !== undefined && high !== undefined) {
      assert(prefix <= sharedLength(low, high), "a closed node's prefix is its fences'");
    }
    return live;
  }

  private checkLeaf(
    leaf: number,
    low: Uint8Array | undefined,
    high: Uint8Array | undefined,
    totals: { count: number; live: number; leaves: number; branches: number },
  ): number {
    totals.leaves++;
    const words = this.leaves.words(leaf);
    const at = this.leaves.at(leaf);
    const entries = words[at] as number;
    const prefix = words[at + NODE_PREFIX] as number;
    let live = 0;
    let before: Uint8Array | undefined;
    for (let i = 0; i < entries; i++) {
      const key = this.leafKey(leaf, i);
      assert(words[at + NODE_HEADER + i] === headOf(key, 0, key.length, prefix), "a head is its key's");
      assert(before === undefined || compareBytes(before, key) < 0, "keys ascend");
      assert(low === undefined || compareBytes(low, key) <= 0, "no key is below its fence");
      assert(high === undefined || compareBytes(key, high) < 0, "no key is at or above the next fence");
      if ((words[at + NODE_HEADER + this.capacity + i] as number) >= 0) live++;
      before = key;
    }
    assert(live === words[at + NODE_LIVE], "a leaf counts its live keys");
    if (low !== undefined && high !== undefined) {
      assert(prefix <= sharedLength(low, high), "a closed node's prefix is its fences'");
    }
    totals.count += entries;
    totals.live += live;
    return live;
  }
}

/** Nodes of one height from left to right, with the key before each but the first. */
interface BuiltLevel {
  readonly nodes: number[];
  readonly lives: number[];
  readonly separators: (Uint8Array | undefined)[];
}

/** Bounds of parts of nearly equal size, each with some room below `capacity`. */
function evenParts(count: number, capacity: number): number[] {
  const parts = Math.ceil(count / (capacity - (capacity >> 2)));
  return Array.from({ length: parts + 1 }, (_, part) => Math.floor((count * part) / parts));
}

/** The slot of a leaf's entry, live or not. */
export function slotOf(entry: number): number {
  return entry < 0 ? ~entry : entry;
}

/** Four bytes of the key after `prefix`, as a signed word in the order of the bytes. */
function headOf(bytes: Uint8Array, start: number, end: number, prefix: number): number {
  const at = start + prefix;
  if (at + 4 <= end) {
    return (
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | (bytes[at + 3] as number)) ^
      0x80000000
    );
  }
  let head = 0;
  for (let i = 0; i < 4; i++) head = (head << 8) | (at + i < end ? (bytes[at + i] as number) : 0);
  return head ^ 0x80000000;
}

function recordHead(arena: Arena, reference: number, prefix: number): number {
  const bytes = arena.bytes(reference);
  const start = arena.start(reference);
  const keyStart = keyStartAt(bytes, start);
  return headOf(bytes, keyStart, keyStart + keyLengthAt(bytes, start), prefix);
}

/** The key of a record, as a view. */
export function recordKey(arena: Arena, reference: number): Uint8Array {
  const bytes = arena.bytes(reference);
  const start = arena.start(reference);
  const keyStart = keyStartAt(bytes, start);
  return bytes.subarray(keyStart, keyStart + keyLengthAt(bytes, start));
}

/** Order of the key of the record at `start` against `key`; the first `from` bytes are known to be equal. */
function compareRecordKey(bytes: Uint8Array, start: number, key: Uint8Array, from: number): number {
  let length = bytes[start + 1] as number;
  let at = start + 2;
  if (length >= 0x80) {
    length = keyLengthAt(bytes, start);
    at = keyStartAt(bytes, start);
  }
  const shared = length < key.length ? length : key.length;
  for (let i = from; i < shared; i++) {
    const difference = (bytes[at + i] as number) - (key[i] as number);
    if (difference !== 0) return difference;
  }
  return length - key.length;
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}

/** The shortest key above `low` and not above `high`. */
function shortestBetween(low: Uint8Array, high: Uint8Array): Uint8Array {
  return high.subarray(0, sharedLength(low, high) + 1);
}
