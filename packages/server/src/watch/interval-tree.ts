/**
 * Half-open ranges of keys, each with its group of watchers, found by a key that lies within: an AVL tree ordered by (lo, hi)
 * whose nodes know the greatest `hi` below them. Adding, removing and stabbing cost O(log n) and what is found.
 */

import { assert } from "@etcd-ts/base";
import type { Watcher } from "./watcher.ts";
import { WatcherGroup } from "./watcher-group.ts";

class RangeNode extends WatcherGroup {
  readonly lo: string;
  readonly hi: string;
  left: RangeNode | undefined = undefined;
  right: RangeNode | undefined = undefined;
  height = 1;
  /** The greatest `hi` in this subtree. */
  hiMax: string;

  constructor(lo: string, hi: string) {
    super();
    this.lo = lo;
    this.hi = hi;
    this.hiMax = hi;
  }
}

export class IntervalTree {
  private root: RangeNode | undefined = undefined;
  /** Whom {@link add} and {@link remove} are about. */
  private subject: Watcher | undefined = undefined;

  get isEmpty(): boolean {
    return this.root === undefined;
  }

  add(watcher: Watcher): void {
    this.subject = watcher;
    this.root = this.insert(this.root, watcher.key, watcher.end);
    this.subject = undefined;
  }

  remove(watcher: Watcher): void {
    this.subject = watcher;
    this.root = this.delete(this.root, watcher.key, watcher.end);
    this.subject = undefined;
  }

  /** Appends the group of every range that holds `key`. */
  stab(key: string, found: WatcherGroup[]): void {
    if (this.root !== undefined) stabNode(this.root, key, found);
  }

  first(): Watcher | undefined {
    return this.root?.head;
  }

  collect(found: WatcherGroup[]): void {
    if (this.root !== undefined) collectNode(this.root, found);
  }

  /** Checks order, balance and `hiMax`; for tests. */
  invariants(): void {
    if (this.root !== undefined) checkNode(this.root);
  }

  private insert(node: RangeNode | undefined, lo: string, hi: string): RangeNode {
    if (node === undefined) {
      const made = new RangeNode(lo, hi);
      made.link(this.subject!);
      return made;
    }
    const order = compareRanges(lo, hi, node);
    if (order === 0) {
      node.link(this.subject!);
      return node;
    }
    if (order < 0) node.left = this.insert(node.left, lo, hi);
    else node.right = this.insert(node.right, lo, hi);
    return rebalance(node);
  }

  private delete(node: RangeNode | undefined, lo: string, hi: string): RangeNode | undefined {
    assert(node !== undefined, "a watcher that is removed is in the tree");
    const order = compareRanges(lo, hi, node);
    if (order === 0) {
      node.unlink(this.subject!);
      return node.isEmpty ? withoutRoot(node) : node;
    }
    if (order < 0) node.left = this.delete(node.left, lo, hi);
    else node.right = this.delete(node.right, lo, hi);
    return rebalance(node);
  }
}

function stabNode(node: RangeNode, key: string, found: WatcherGroup[]): void {
  if (node.left !== undefined && node.left.hiMax > key) stabNode(node.left, key, found);
  if (key < node.lo) return;
  if (key < node.hi) found.push(node);
  if (node.right !== undefined && node.right.hiMax > key) stabNode(node.right, key, found);
}

function collectNode(node: RangeNode, found: WatcherGroup[]): void {
  if (node.left !== undefined) collectNode(node.left, found);
  found.push(node);
  if (node.right !== undefined) collectNode(node.right, found);
}

function compareRanges(lo: string, hi: string, node: RangeNode): number {
  if (lo !== node.lo) return lo < node.lo ? -1 : 1;
  if (hi !== node.hi) return hi < node.hi ? -1 : 1;
  return 0;
}

/** The subtree of `node` without `node` itself: the least of its right side takes its place. */
function withoutRoot(node: RangeNode): RangeNode | undefined {
  if (node.left === undefined) return node.right;
  if (node.right === undefined) return node.left;
  let least = node.right;
  while (least.left !== undefined) least = least.left;
  least.right = withoutLeast(node.right);
  least.left = node.left;
  return rebalance(least);
}

function withoutLeast(node: RangeNode): RangeNode | undefined {
  if (node.left === undefined) return node.right;
  node.left = withoutLeast(node.left);
  return rebalance(node);
}

function rebalance(node: RangeNode): RangeNode {
  const tilt = heightOf(node.left) - heightOf(node.right);
  if (tilt > 1) {
    const left = node.left!;
    if (heightOf(left.left) < heightOf(left.right)) node.left = rotateLeft(left);
    return rotateRight(node);
  }
  if (tilt < -1) {
    const right = node.right!;
    if (heightOf(right.right) < heightOf(right.left)) node.right = rotateRight(right);
    return rotateLeft(node);
  }
  return refresh(node);
}

function rotateLeft(node: RangeNode): RangeNode {
  const top = node.right!;
  node.right = top.left;
  top.left = refresh(node);
  return refresh(top);
}

function rotateRight(node: RangeNode): RangeNode {
  const top = node.left!;
  node.left = top.right;
  top.right = refresh(node);
  return refresh(top);
}

function refresh(node: RangeNode): RangeNode {
  const { left, right } = node;
  node.height = 1 + Math.max(heightOf(left), heightOf(right));
  node.hiMax = hiMaxOf(node);
  return node;
}

function hiMaxOf(node: RangeNode): string {
  let hi = node.hi;
  if (node.left !== undefined && node.left.hiMax > hi) hi = node.left.hiMax;
  if (node.right !== undefined && node.right.hiMax > hi) hi = node.right.hiMax;
  return hi;
}

function heightOf(node: RangeNode | undefined): number {
  return node === undefined ? 0 : node.height;
}

function checkNode(node: RangeNode): void {
  const { left, right } = node;
  assert(!node.isEmpty, "a range without watchers is not kept");
  assert(Math.abs(heightOf(left) - heightOf(right)) <= 1, "the tree is balanced");
  assert(node.height === 1 + Math.max(heightOf(left), heightOf(right)), "heights are up to date");
  assert(node.hiMax === hiMaxOf(node), "the greatest ends are up to date");
  if (left !== undefined) {
    assert(compareRanges(left.lo, left.hi, node) < 0, "the left side is before");
    checkNode(left);
  }
  if (right !== undefined) {
    assert(compareRanges(right.lo, right.hi, node) > 0, "the right side is behind");
    checkNode(right);
  }
}
