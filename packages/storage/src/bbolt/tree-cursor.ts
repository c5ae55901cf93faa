/**
 * Reads a tree straight out of page bytes: lookup, seek and walk, forwards, with nothing allocated per element. The cursor
 * stands on an element of a leaf and its fields say where key and value lie in `node`.
 *
 * Pages come from a {@link PageSource} that may not have them: every step then answers MISSED, {@link TreeCursor.missing}
 * names the page, and the step is repeated when the page has arrived; `next` goes on where it stood. The cursor holds on
 * to the nodes on its path, so it stays on the tree that it began with, as long as the pages of that tree are not reused.
 *
 * Nodes must have passed `nodeFault` before a source hands them out.
 */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import { DatabaseError, describePage } from "./database-error.ts";
import {
  BUCKET_HEADER_BYTES,
  branchChild,
  branchChildIndex,
  branchKeyBytes,
  branchKeyStart,
  compareAt,
  ELEMENT_BUCKET,
  elementCount,
  isLeaf,
  leafFlags,
  leafKeyBytes,
  leafKeyStart,
  leafLowerBound,
  leafValueBytes,
  pageId,
  pageOverflow,
  readUint64,
} from "./page-layout.ts";

/** Nodes by the number of their first page. */
export interface PageSource {
  /** The whole node, overflow pages included, as one run of bytes; undefined when it is not in memory. */
  node(page: number): Uint8Array | undefined;
}

/** Where a bucket's tree begins. `inline` is the image of its only leaf when it has no page of its own. */
export interface Bucket {
  readonly root: number;
  readonly inline: Uint8Array | undefined;
  readonly sequence: number;
}

/** Outcome of a step of the cursor. */
export const FOUND = 1;
export const ABSENT = 0;
export const MISSED = -1;
export type Outcome = typeof FOUND | typeof ABSENT | typeof MISSED;

/** No tree is deeper: 2^48 pages of two children each. A deeper path is a cycle of damaged pages. */
export const DEPTH_MAX = 48;

export function tooDeep(): DatabaseError {
  return new DatabaseError("the database is damaged: a tree is deeper than any file can hold");
}

export class TreeCursor {
  /** The leaf under the cursor; the element's key is `node[keyStart, keyEnd)`, its value `node[keyEnd, valueEnd)`. */
  node: Uint8Array = EMPTY_BYTES;
  keyStart = 0;
  keyEnd = 0;
  valueEnd = 0;
  /** Flags of the element: ELEMENT_BUCKET or 0. */
  flags = 0;
  /** After MISSED: the page that was not in memory. */
  missing = -1;

  private readonly pages: PageSource;
  /** The path from the root to the leaf: nodes and the index taken in each. */
  private readonly path: Uint8Array[] = [];
  private readonly indexes = new Int32Array(DEPTH_MAX);
  private depth = 0;

  constructor(pages: PageSource) {
    this.pages = pages;
  }

  /** FOUND when the key exists in the bucket. */
  get(bucket: Bucket, key: Uint8Array): Outcome {
    if (!this.descend(bucket, key)) return MISSED;
    const leaf = this.path[this.depth - 1]!;
    const index = this.indexes[this.depth - 1]!;
    if (index >= elementCount(leaf)) return ABSENT;
    this.stand(leaf, index);
    return compareAt(leaf, this.keyStart, this.keyEnd, key) === 0 ? FOUND : ABSENT;
  }

  /** Stands on the first element at or after `key` (an empty key: the first of all); ABSENT at the end of the bucket. */
  seek(bucket: Bucket, key: Uint8Array): Outcome {
    if (!this.descend(bucket, key)) return MISSED;
    return this.settle();
  }

  /** Stands on the last element of the bucket; ABSENT when it is empty. */
  last(bucket: Bucket): Outcome {
    let node = this.rootNode(bucket);
    this.depth = 0;
    while (node !== undefined) {
      const count = elementCount(node);
      this.push(node, count - 1);
      if (isLeaf(node)) {
        if (count === 0) return ABSENT;
        this.stand(node, count - 1);
        return FOUND;
      }
      node = this.fetch(branchChild(node, count - 1));
    }
    return MISSED;
  }

  /** Moves to the following element; after MISSED call it again. */
  next(): Outcome {
    assert(this.depth > 0, "next needs a seek before");
    const leaf = this.path[this.depth - 1]!;
    const index = this.indexes[this.depth - 1]! + 1;
    if (index < elementCount(leaf)) {
      this.indexes[this.depth - 1] = index;
      this.stand(leaf, index);
      return FOUND;
    }
    return this.settle(index);
  }

  /** Copies of what lies under the cursor, for callers that keep them. */
  keyCopy(): Uint8Array {
    return this.node.slice(this.keyStart, this.keyEnd);
  }

  valueCopy(): Uint8Array {
    return this.node.slice(this.keyEnd, this.valueEnd);
  }

  /** The bucket whose header is the value under the cursor; undefined when the element is no bucket. */
  bucketHere(): Bucket | undefined {
    if ((this.flags & ELEMENT_BUCKET) === 0) return undefined;
    const root = readUint64(this.node, this.keyEnd);
    const inline =
      root === 0 ? this.node.subarray(this.keyEnd + BUCKET_HEADER_BYTES, this.valueEnd) : undefined;
    return { root, inline, sequence: readUint64(this.node, this.keyEnd + 8) };
  }

  /**
   * Adds to `missing` the pages, at most `limit` in all, that a walk over `[lo, hi)` is going to need and that are not in
   * memory, as far as the branches that are in memory tell: so that one fetch can ask for all of them.
   */
  collectMissing(
    bucket: Bucket,
    lo: Uint8Array,
    hi: Uint8Array | undefined,
    limit: number,
    missing: number[],
  ): void {
    if (bucket.inline !== undefined) return;
    this.collectBelow(bucket.root, lo, hi, limit, missing, 0);
  }

  private collectBelow(
    page: number,
    lo: Uint8Array,
    hi: Uint8Array | undefined,
    limit: number,
    missing: number[],
    depth: number,
  ): void {
    if (depth === DEPTH_MAX) throw tooDeep();
    const node = this.pages.node(page);
    if (node === undefined) missing.push(page);
    if (node === undefined || isLeaf(node)) return;
    const count = elementCount(node);
    for (let i = branchChildIndex(node, lo); i < count && missing.length < limit; i++) {
      const start = branchKeyStart(node, i);
      if (hi !== undefined && compareAt(node, start, start + branchKeyBytes(node, i), hi) >= 0) return;
      this.collectBelow(branchChild(node, i), lo, hi, limit, missing, depth + 1);
    }
  }

  /** Builds the path to the leaf where `key` belongs, its index the first element at or after `key`; false on a miss. */
  private descend(bucket: Bucket, key: Uint8Array): boolean {
    let node = this.rootNode(bucket);
    this.depth = 0;
    while (node !== undefined) {
      if (isLeaf(node)) {
        if (this.depth > 0) mustHaveElements(node);
        this.push(node, leafLowerBound(node, key));
        return true;
      }
      const index = branchChildIndex(node, key);
      this.push(node, index);
      node = this.fetch(branchChild(node, index));
    }
    return false;
  }

  /** From `index` of the current leaf, which may be past its end, to the element there or in a following leaf. */
  private settle(index = this.indexes[this.depth - 1]!): Outcome {
    for (;;) {
      const leaf = this.path[this.depth - 1]!;
      if (index < elementCount(leaf)) {
        this.indexes[this.depth - 1] = index;
        this.stand(leaf, index);
        return FOUND;
      }
      const outcome = this.nextLeaf();
      if (outcome !== FOUND) return outcome;
      index = 0;
    }
  }

  /** Moves the path to the first element of the following leaf. The path is left as it was unless it is FOUND. */
  private nextLeaf(): Outcome {
    let level = this.depth - 2;
    while (level >= 0 && this.indexes[level]! + 1 >= elementCount(this.path[level]!)) level--;
    if (level < 0) return ABSENT;
    const fresh: Uint8Array[] = [];
    let node = this.fetch(branchChild(this.path[level]!, this.indexes[level]! + 1));
    while (node !== undefined && !isLeaf(node)) {
      if (level + fresh.length === DEPTH_MAX) throw tooDeep();
      fresh.push(node);
      node = this.fetch(branchChild(node, 0));
    }
    if (node === undefined) return MISSED;
    mustHaveElements(node);
    this.indexes[level] = this.indexes[level]! + 1;
    this.depth = level + 1;
    for (const branch of fresh) this.push(branch, 0);
    this.push(node, 0);
    return FOUND;
  }

  private rootNode(bucket: Bucket): Uint8Array | undefined {
    return bucket.inline ?? this.fetch(bucket.root);
  }

  private fetch(page: number): Uint8Array | undefined {
    const node = this.pages.node(page);
    if (node === undefined) this.missing = page;
    return node;
  }

  private push(node: Uint8Array, index: number): void {
    if (this.depth === DEPTH_MAX) throw tooDeep();
    this.path[this.depth] = node;
    this.indexes[this.depth++] = index;
  }

  private stand(leaf: Uint8Array, index: number): void {
    this.node = leaf;
    this.flags = leafFlags(leaf, index);
    this.keyStart = leafKeyStart(leaf, index);
    this.keyEnd = this.keyStart + leafKeyBytes(leaf, index);
    this.valueEnd = this.keyEnd + leafValueBytes(leaf, index);
  }
}

/** Only the root of a tree may be an empty leaf. */
function mustHaveElements(leaf: Uint8Array): void {
  if (elementCount(leaf) > 0) return;
  const page = describePage(pageId(leaf), leaf.length / (1 + pageOverflow(leaf)));
  throw new DatabaseError(`the database is damaged: ${page} is a leaf without elements`);
}

/** The tree of the root bucket, whose elements are the buckets, as a meta page names it. */
export function rootBucket(root: number): Bucket {
  return { root, inline: undefined, sequence: 0 };
}
