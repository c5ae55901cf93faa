/**
 * What turns the tree of one commit into that of a later one of the same file, bucket by bucket, as operations. Trees of one file
 * share the pages that did not change, so whatever hangs below a shared page is skipped unread: the work is that of the change.
 *
 *     old:   A ── B  C* D      C*, D*: the same pages.      Both sides walk in key order; where both stand before the
 *     new:   a ── b  C* d D*                                same page they step over it, else the higher one goes down.
 *
 * Neither tree's pages may be overwritten meanwhile. A key of a branch is a lower bound of what hangs below it.
 */

import { compareBytes, equalBytes, utf8Bytes } from "@etcd-ts/base";
import type { OperationPacker } from "./operation-batch.ts";
import {
  branchChild,
  branchKeyBytes,
  branchKeyStart,
  elementCount,
  isLeaf,
  leafKeyBytes,
  leafKeyStart,
  leafValueBytes,
} from "./page-layout.ts";
import { type Bucket, DEPTH_MAX, FOUND, rootBucket, TreeCursor, tooDeep } from "./tree-cursor.ts";

/** The whole node of a page; it throws when it is damaged. */
export type ReadNode = (page: number) => Uint8Array;

export class TreeDifference {
  private readonly oldRoot: number;
  private readonly newRoot: number;
  private readonly buckets: readonly string[];
  private readonly cursor: TreeCursor;
  private readonly old: Side;
  private readonly fresh: Side;
  private bucket = -1;

  /** `buckets`: those to compare; operations name them by their index here. */
  constructor(read: ReadNode, oldRoot: number, newRoot: number, buckets: readonly string[]) {
    this.oldRoot = oldRoot;
    this.newRoot = newRoot;
    this.buckets = buckets;
    this.cursor = new TreeCursor({ node: read });
    this.old = new Side(read);
    this.fresh = new Side(read);
  }

  /** Adds operations until there are about so many bytes of them, or `stepsMax` steps are made; true at the end. */
  advance(packer: OperationPacker, bytesMax: number, stepsMax: number): boolean {
    for (let steps = 0; steps < stepsMax && packer.dataBytes < bytesMax; steps++) {
      if (!this.old.atEnd || !this.fresh.atEnd) this.step(packer);
      else if (!this.nextBucket()) return true;
    }
    return false;
  }

  private nextBucket(): boolean {
    const name = this.buckets[++this.bucket];
    if (name === undefined) return false;
    this.old.begin(this.find(this.oldRoot, name));
    this.fresh.begin(this.find(this.newRoot, name));
    return true;
  }

  private find(root: number, name: string): Bucket | undefined {
    const { cursor } = this;
    return cursor.get(rootBucket(root), utf8Bytes(name)) === FOUND ? cursor.bucketHere() : undefined;
  }

  private step(packer: OperationPacker): void {
    const { old, fresh } = this;
    if (old.atEnd) this.takeFresh(packer);
    else if (fresh.atEnd) this.dropOld(packer);
    else if (old.isRecord && fresh.isRecord) this.stepRecords(packer);
    else if (!old.isRecord && !fresh.isRecord) this.stepBranches();
    else if (old.isRecord) {
      if (compareBytes(old.key(), fresh.key()) < 0) this.dropOld(packer);
      else fresh.enter();
    } else if (compareBytes(fresh.key(), old.key()) < 0) this.takeFresh(packer);
    else old.enter();
  }

  private stepRecords(packer: OperationPacker): void {
    const { old, fresh } = this;
    const order = compareBytes(old.key(), fresh.key());
    if (order < 0) this.dropOld(packer);
    else if (order > 0) this.takeFresh(packer);
    else {
      if (!equalBytes(old.value(), fresh.value())) packer.put(this.bucket, fresh.key(), fresh.value());
      old.next();
      fresh.next();
    }
  }

  private stepBranches(): void {
    const { old, fresh } = this;
    if (old.child === fresh.child) {
      old.next();
      fresh.next();
    } else if (old.level !== fresh.level) (old.level > fresh.level ? old : fresh).enter();
    else (compareBytes(old.key(), fresh.key()) <= 0 ? old : fresh).enter();
  }

  private takeFresh(packer: OperationPacker): void {
    const { fresh } = this;
    if (!fresh.isRecord) return fresh.enter();
    packer.put(this.bucket, fresh.key(), fresh.value());
    fresh.next();
  }

  private dropOld(packer: OperationPacker): void {
    const { old } = this;
    if (!old.isRecord) return old.enter();
    packer.delete(this.bucket, old.key());
    old.next();
  }
}

/** A walk over one tree that stands before a subtree or on a record. */
class Side {
  atEnd = true;
  /** False: it stands before the subtree of {@link child}. */
  isRecord = false;
  child = 0;
  private readonly read: ReadNode;
  private readonly nodes: Uint8Array[] = [];
  private readonly indexes: number[] = [];
  private height = 0;
  private keyStart = 0;
  private keyEnd = 0;

  constructor(read: ReadNode) {
    this.read = read;
  }

  /** Levels of nodes below it, the child's own included. */
  get level(): number {
    return this.height - this.nodes.length;
  }

  /** Of the record, or the lower bound of the subtree. */
  key(): Uint8Array {
    const node = this.nodes.at(-1);
    return node === undefined ? new Uint8Array(0) : node.subarray(this.keyStart, this.keyEnd);
  }

  value(): Uint8Array {
    const node = this.nodes.at(-1)!;
    return node.subarray(this.keyEnd, this.keyEnd + leafValueBytes(node, this.indexes.at(-1)!));
  }

  begin(bucket: Bucket | undefined): void {
    this.nodes.length = 0;
    this.indexes.length = 0;
    this.atEnd = bucket === undefined;
    this.isRecord = false;
    if (bucket === undefined) return;
    if (bucket.inline !== undefined) {
      this.height = 1;
      this.push(bucket.inline);
      return;
    }
    this.child = bucket.root;
    this.height = this.heightOf(bucket.root);
  }

  /** Goes down into the subtree. */
  enter(): void {
    if (this.nodes.length === DEPTH_MAX) throw tooDeep();
    this.push(this.read(this.child));
  }

  /** Steps over the record or the subtree. */
  next(): void {
    while (this.nodes.length > 0) {
      const index = this.indexes.at(-1)! + 1;
      this.indexes[this.indexes.length - 1] = index;
      if (index < elementCount(this.nodes.at(-1)!)) return this.stand();
      this.nodes.pop();
      this.indexes.pop();
    }
    this.atEnd = true;
  }

  private push(node: Uint8Array): void {
    this.nodes.push(node);
    this.indexes.push(0);
    if (elementCount(node) > 0) this.stand();
    else this.next();
  }

  private stand(): void {
    const node = this.nodes.at(-1)!;
    const index = this.indexes.at(-1)!;
    this.isRecord = isLeaf(node);
    this.keyStart = this.isRecord ? leafKeyStart(node, index) : branchKeyStart(node, index);
    this.keyEnd = this.keyStart + (this.isRecord ? leafKeyBytes(node, index) : branchKeyBytes(node, index));
    if (!this.isRecord) this.child = branchChild(node, index);
  }

  /** All leaves lie at one depth. */
  private heightOf(root: number): number {
    let node = this.read(root);
    let height = 1;
    for (; !isLeaf(node); height++) {
      if (height > DEPTH_MAX) throw tooDeep();
      node = this.read(branchChild(node, 0));
    }
    return height;
  }
}
