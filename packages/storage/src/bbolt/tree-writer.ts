/**
 * Applies sorted operations to one tree in one pass from its leaves to its root, copy on write: every node on the way to a
 * change is taken apart into an {@link ElementList}, changed, and written anew at a free place; the rest of the tree is
 * pointed to as it was.
 *
 *     rewriteBranch:  for each child   no operations for it -> keep the pointer
 *                                      else rewrite it into the list of the level below, then flush that list:
 *                                      split into nodes, write them, add a pointer to each to this level's list
 *
 * A list that deletions made too small is not flushed: the following sibling's elements are added to it first, or at the
 * end of the branch those of the sibling before. So merging and splitting are one thing. Invariant: when a branch is
 * done, the lists of all levels below its own are empty.
 *
 * Not responsible for: the order of operations (sorted, one a key), which bucket a tree belongs to, durability.
 */

import { DatabaseError } from "./database-error.ts";
import { addNode, ElementList } from "./element-list.ts";
import { encodeInlineLeaf } from "./node-encoder.ts";
import { OPERATION_DELETE } from "./operation-batch.ts";
import {
  branchChild,
  branchKeyBytes,
  branchKeyStart,
  ELEMENT_BUCKET,
  elementCount,
  isLeaf,
  leafFlags,
  leafKeyBytes,
  leafKeyStart,
  leafValueBytes,
} from "./page-layout.ts";
import type { PageStore } from "./page-store.ts";
import { forEachNode } from "./split.ts";
import { type Bucket, DEPTH_MAX, tooDeep } from "./tree-cursor.ts";

/** Where a tree begins after a change: a page, or the image of an inline leaf. */
export type TreeRoot = { readonly page: number } | { readonly inline: Uint8Array };

export class TreeWriter {
  private readonly store: PageStore;
  /** The list of each level, the root's first. */
  private readonly levels: ElementList[] = [];
  private spare = new ElementList();
  private operations = new ElementList();
  private fill = 0.5;
  /** The last operation has been applied: the next ones often follow it, so that its leaf is kept in memory. */
  private atEnd = false;

  constructor(store: PageStore) {
    this.store = store;
  }

  /**
   * The tree of `bucket` (undefined: an empty one) with the operations applied: ascending by key, no key twice, their `flags`
   * OPERATION_DELETE, or what the element's flags shall be, shifted by {@link FLAGS_SHIFT}. `mayInline`: a small tree may
   * come back as an inline leaf.
   */
  rewrite(bucket: Bucket | undefined, operations: ElementList, fill: number, mayInline: boolean): TreeRoot {
    this.operations = operations;
    this.fill = fill;
    const list = this.level(0);
    if (bucket?.inline !== undefined) this.rewriteNode(bucket.inline, 0, operations.count, 0);
    else if (bucket !== undefined) this.rewriteNode(this.store.take(bucket.root), 0, operations.count, 0);
    else this.addOperations(0, operations.count, list, this.operationSources(list));
    if (!list.leaf && list.count === 0) list.leaf = true;
    const root = mayInline && this.isInlineable(list) ? { inline: encodeInlineLeaf(list) } : this.grow(list);
    list.clear();
    return root;
  }

  /** Writes the root's list, and branches above it while there is more than one node. */
  private grow(list: ElementList): TreeRoot {
    if (list.count === 0) return { page: this.store.write(list, 0, 0, list.nodeBytes, true) };
    while (list.leaf || list.count > 1) {
      const above = this.spare;
      above.leaf = false;
      this.writeNodes(list, above);
      this.spare = list;
      this.levels[0] = above;
      list = above;
    }
    const page = list.child[0]!;
    list.clear();
    return { page };
  }

  private isInlineable(list: ElementList): boolean {
    if (!list.leaf || list.nodeBytes > this.store.pageBytes / 4) return false;
    for (let i = 0; i < list.count; i++) if ((list.flags[i]! & ELEMENT_BUCKET) !== 0) return false;
    return true;
  }

  /** Adds the node's elements, with operations `[lo, hi)` applied, to the list of its level. */
  private rewriteNode(node: Uint8Array, lo: number, hi: number, level: number): void {
    const list = this.level(level);
    this.atEnd = hi === this.operations.count;
    if (list.count === 0) list.leaf = isLeaf(node);
    if (isLeaf(node)) this.rewriteLeaf(node, lo, hi, list);
    else this.rewriteBranch(node, lo, hi, level);
  }

  private rewriteBranch(node: Uint8Array, lo: number, hi: number, level: number): void {
    if (level === DEPTH_MAX) throw tooDeep();
    const list = this.level(level);
    const below = this.level(level + 1);
    const source = list.addSource(node);
    const before = list.count;
    const count = elementCount(node);
    let operation = lo;
    for (let i = 0; i < count; i++) {
      const end = i + 1 < count ? this.operationsBelow(operation, hi, node, i + 1) : hi;
      if (operation === end && below.count === 0) {
        list.addFromBranch(node, source, i);
        continue;
      }
      const child = this.store.take(branchChild(node, i));
      if (below.count > 0 && below.leaf !== isLeaf(child)) this.writeNodes(below, list);
      this.rewriteNode(child, operation, end, level + 1);
      if (!this.isTooSmall(below)) this.writeNodes(below, list);
      operation = end;
    }
    if (below.count > 0) this.joinBefore(list, level + 1);
    this.writeNodes(this.level(level + 1), list);
    if (list.count - before < count) list.shrunk = true;
  }

  /** Puts the elements of the sibling before in front of a list that is too small, when there is such a sibling. */
  private joinBefore(parent: ElementList, level: number): void {
    if (parent.count === 0) return;
    const page = parent.child[parent.count - 1]!;
    const node = this.store.read(page);
    const small = this.level(level);
    if (isLeaf(node) !== small.leaf) return;
    parent.pop();
    this.store.take(page);
    const joined = this.spare;
    joined.leaf = small.leaf;
    addNode(joined, node);
    joined.addAll(small);
    small.clear();
    this.levels[level] = joined;
    this.spare = small;
  }

  private rewriteLeaf(leaf: Uint8Array, lo: number, hi: number, list: ElementList): void {
    const { operations } = this;
    const sources = this.operationSources(list);
    const source = list.addSource(leaf);
    const count = elementCount(leaf);
    let next = 0;
    for (let i = lo; i < hi; i++) {
      const at = this.leafPosition(leaf, next, count, i);
      list.addFromLeaf(leaf, source, next, at);
      next = at;
      if (next === count) {
        this.addOperations(i, hi, list, sources);
        return;
      }
      if (this.compareLeafKey(leaf, next, i) === 0) {
        if ((leafFlags(leaf, next) & ELEMENT_BUCKET) !== operations.flags[i]! >>> FLAGS_SHIFT) {
          throw new DatabaseError(`${this.store.file.path}: a bucket where a value belongs, or the reverse`);
        }
        if (
          operations.flags[i] === OPERATION_DELETE ||
          operations.valueBytes[i]! < leafValueBytes(leaf, next)
        ) {
          list.shrunk = true;
        }
        next++;
      }
      this.addOperations(i, i + 1, list, sources);
    }
    list.addFromLeaf(leaf, source, next, count);
  }

  private operationSources(list: ElementList): number {
    const base = list.sources.length;
    for (const source of this.operations.sources) list.sources.push(source);
    return base;
  }

  /** Adds what operations `[lo, hi)` put; the list knows their sources from number `sources` on. */
  private addOperations(lo: number, hi: number, list: ElementList, sources: number): void {
    const { source, offset, keyBytes, valueBytes, flags } = this.operations;
    for (let i = lo; i < hi; i++) {
      if (flags[i] === OPERATION_DELETE) continue;
      list.add(sources + source[i]!, offset[i]!, keyBytes[i]!, valueBytes[i]!, flags[i]! >>> FLAGS_SHIFT);
    }
  }

  /** The first element of `[lo, count)` at or after the key of an operation. New keys often lie behind the last one. */
  private leafPosition(leaf: Uint8Array, lo: number, count: number, operation: number): number {
    if (lo < count && this.compareLeafKey(leaf, count - 1, operation) < 0) return count;
    let hi = count;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (this.compareLeafKey(leaf, middle, operation) < 0) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  private compareLeafKey(leaf: Uint8Array, index: number, operation: number): number {
    const start = leafKeyStart(leaf, index);
    return -this.operations.compareKey(operation, leaf, start, start + leafKeyBytes(leaf, index));
  }

  /** The first operation of `[lo, hi)` that does not lie before child `index`. */
  private operationsBelow(lo: number, hi: number, branch: Uint8Array, index: number): number {
    const start = branchKeyStart(branch, index);
    const end = start + branchKeyBytes(branch, index);
    const { operations } = this;
    if (lo === hi || operations.compareKey(lo, branch, start, end) >= 0) return lo;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (operations.compareKey(middle, branch, start, end) < 0) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  private isTooSmall(list: ElementList): boolean {
    if (!list.shrunk || list.count === 0) return false;
    return list.nodeBytes < this.store.pageBytes / 4 || (!list.leaf && list.count < 2);
  }

  /** Writes the list as nodes and adds a pointer to each of them to `parent`; the list is empty afterwards. */
  private writeNodes(list: ElementList, parent: ElementList): void {
    const { store } = this;
    if (list.count > 0)
      forEachNode(list, store.pageBytes, this.fill, (lo, hi, nodeBytes) => {
        const page = store.write(list, lo, hi, nodeBytes, !list.leaf || (this.atEnd && hi === list.count));
        parent.addChildCopy(list.sources[list.source[lo]!]!, list.offset[lo]!, list.keyBytes[lo]!, page);
      });
    list.clear();
  }

  private level(level: number): ElementList {
    while (this.levels.length <= level) this.levels.push(new ElementList());
    return this.levels[level]!;
  }
}

/** Operations carry the flags of the element that they put above the bit of their kind. */
export const FLAGS_SHIFT = 1;
