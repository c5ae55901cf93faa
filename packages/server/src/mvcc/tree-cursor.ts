/**
 * A walk over a range of the key tree, leaf by leaf: `words[slots + entry]` for `entry` up to `end` are the entries of the range in
 * this leaf. Leaves and whole branches without a live key are passed over when only live keys are asked for.
 *
 * A cursor is good until the tree changes; then it seeks anew from the last key it saw.
 */

import type { KeyTree } from "./key-tree.ts";
import { NODE_HEADER, NODE_LIVE } from "./node-pool.ts";
import { slotOf } from "./tree-nodes.ts";

const NO_WORDS = new Int32Array(0);

export class TreeCursor {
  words: Int32Array = NO_WORDS;
  /** Where the slots of this leaf begin in `words`. */
  slots = 0;
  entry = 0;
  end = 0;
  private readonly tree: KeyTree;
  private readonly nodes = new Int32Array(24);
  private readonly entries = new Int32Array(24);
  private high: Uint8Array | undefined;
  private liveOnly = false;
  private isLast = false;

  constructor(tree: KeyTree) {
    this.tree = tree;
  }

  /** Goes to the first entry at or above `low`; the range ends below `high` (undefined: with the last key). */
  seek(low: Uint8Array, high: Uint8Array | undefined, liveOnly: boolean): void {
    const tree = this.tree;
    this.high = high;
    this.liveOnly = liveOnly;
    tree.find(low);
    for (let level = 0; level <= tree.height; level++) {
      this.nodes[level] = tree.pathNodes[level] as number;
      this.entries[level] = tree.pathEntries[level] as number;
    }
    this.openLeaf(this.entries[tree.height] as number);
  }

  /** Goes to the next leaf of the range; false: there is none. */
  nextLeaf(): boolean {
    if (this.isLast) return false;
    const tree = this.tree;
    let level = tree.height - 1;
    while (level >= 0) {
      if (this.advance(level)) {
        level++;
        if (level === tree.height) {
          this.openLeaf(0);
          return true;
        }
        this.entries[level] = -1;
      } else level--;
    }
    this.isLast = true;
    return false;
  }

  /** Moves on in the branch at `level`, to the next child with something in it, and enters that; false: no more. */
  private advance(level: number): boolean {
    const tree = this.tree;
    const node = this.nodes[level] as number;
    const words = tree.branches.words(node);
    const at = tree.branches.at(node);
    const count = words[at] as number;
    const children = at + NODE_HEADER + tree.capacity;
    let entry = (this.entries[level] as number) + 1;
    while (this.liveOnly && entry < count && words[children + tree.capacity + entry] === 0) entry++;
    if (entry >= count) return false;
    this.entries[level] = entry;
    this.nodes[level + 1] = words[children + entry] as number;
    return true;
  }

  private openLeaf(entry: number): void {
    const tree = this.tree;
    const leaf = this.nodes[tree.height] as number;
    const words = tree.leaves.words(leaf);
    const at = tree.leaves.at(leaf);
    const count = words[at] as number;
    this.words = words;
    this.slots = at + NODE_HEADER + tree.capacity;
    this.entry = entry;
    this.end = count;
    this.isLast = false;
    if (this.high !== undefined && count > 0 && this.isAtOrAbove(count - 1, this.high))
      this.endBelow(this.high);
    if (this.liveOnly && words[at + NODE_LIVE] === 0) this.entry = this.end;
  }

  private endBelow(high: Uint8Array): void {
    let lo = this.entry;
    let hi = this.end - 1;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (this.isAtOrAbove(middle, high)) hi = middle;
      else lo = middle + 1;
    }
    this.end = lo;
    this.isLast = true;
  }

  private isAtOrAbove(entry: number, key: Uint8Array): boolean {
    return this.tree.compareSlot(slotOf(this.words[this.slots + entry] as number), key) >= 0;
  }
}
