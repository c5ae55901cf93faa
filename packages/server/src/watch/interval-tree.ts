/**
 * Half-open ranges of keys, each with a list of watchers, found by a key that lies within: an AVL tree ordered by (lo, hi)
 * whose nodes know the greatest `hi` below them. Adding, removing and stabbing cost O(log n) and what is found.
 */

import { assert } from "@etcd-ts/base";
import { linkWatcher, unlinkWatcher, type Watcher } from "./watcher.ts";

class RangeNode {
  readonly lo: string;
  readonly hi: string;
  head: Watcher | undefined = undefined;
  left: RangeNode | undefined = undefined;
  right: RangeNode | undefined = undefined;
  height = 1;
  /** The greatest `hi` in this subtree. */
  hiMax: string;

  constructor(lo: string, hi: string) {
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

  /** Appends the watchers of every range that holds `key`. */
  stab(key: string, found: Watcher[]): void {
    if (this.root !== undefined) stabNode(this.root, key, found);
  }

  first(): Watcher | undefined {
    return this.root?.head;
  }

  collect(found: Watcher[]): void {
    if (this.root !== undefined) collectNode(this.root, found);
  }

  /** Checks order, balance and `hiMax`; for tests. */
  invariants(): void {
    if (this.root !== undefined) checkNode(this.root);
  }

  private insert(node: RangeNode | undefined, lo: string, hi: string): RangeNode {
    if (node === undefined) {
      const made = new RangeNode(lo, hi);
      made.head = linkWatcher(undefined, this.subject!);
      return made;
    }
    const order = compareRanges(lo, hi, node);
    if (order === 0) {
      node.head = linkWatcher(node.head, this.subject!);
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
      node.head = unlinkWatcher(node.head, this.subject!);
      return node.head === undefined ? withoutRoot(node) : node;
    }
    if (order < 0) node.left = this.delete(node.left, lo, hi);
    else node.right = this.delete(node.right, lo, hi);
    return rebalance(node);
  }
}

function stabNode(node: RangeNode, key: string, found: Watcher[]): void {
  if (node.left !== undefined && node.left.hiMax > key) stabNode(node.left, key, found);
  if (key < node.lo) return;
  if (key < node.hi) append(node.head, found);
  if (node.right !== undefined && node.right.hiMax > key) stabNode(node.right, key, found);
}

function collectNode(node: RangeNode, found: Watcher[]): void {
  if (node.left !== undefined) collectNode(node.left, found);
  append(node.head, found);
  if (node.right !== undefined) collectNode(node.right, found);
}

function append(head: Watcher | undefined, found: Watcher[]): void {
  for (let watcher = head; watcher !== undefined; watcher = watcher.following) found.push(watcher);
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
  assert(node.head !== undefined, "a range without watchers is not kept");
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
