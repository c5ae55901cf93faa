/**
 * Writes a whole database file in one pass from sorted input: defragmentation, restore, compacted copies. Pages are packed
 * and in order; there are no free pages. Memory is bounded by the depth of the tree.
 *
 * Buckets come in ascending order of their names, records in ascending order of their keys. Nothing is durable, and no meta
 * page is there, before {@link BulkWriter.finish}; the caller renames and syncs the folder.
 */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { DiskFile } from "../disk/disk.ts";
import { bucketHeader } from "./bucket-header.ts";
import { ElementList } from "./element-list.ts";
import { encodeMeta, type Meta } from "./meta-page.ts";
import { encodeInlineLeaf } from "./node-encoder.ts";
import { ELEMENT_BUCKET, PAGE_BYTES_DEFAULT } from "./page-layout.ts";
import { PageStore } from "./page-store.ts";
import { forEachNode } from "./split.ts";

/** The original's defragmentation fills pages so far. */
const FILL = 0.9;
/** A level is written when it has gathered so many pages; what may still change stays. */
const GATHERED_PAGES = 16;
const HEAP_BYTES = 256 * 1024;

export class BulkWriter {
  private readonly file: DiskFile;
  private readonly store: PageStore;
  /** Elements that are not in a node yet, of each level of the bucket's tree, the leaves first. */
  private readonly levels: ElementList[] = [];
  private readonly buckets = new ElementList();
  private name: Uint8Array | undefined;
  private sequence = 0;
  private heap: Uint8Array = EMPTY_BYTES;
  private heapUsed = 0;

  constructor(file: DiskFile, pageBytes = PAGE_BYTES_DEFAULT) {
    this.file = file;
    this.store = new PageStore(file, pageBytes, 2, { cacheBytes: 0, growthBytes: 0 });
  }

  startBucket(name: Uint8Array, sequence = 0): void {
    if (this.name !== undefined) this.endBucket();
    this.name = name.slice();
    this.sequence = sequence;
  }

  /** A record whose key is `bytes[keyStart, keyEnd)` and whose value `bytes[keyEnd, valueEnd)`; they are copied. */
  add(bytes: Uint8Array, keyStart: number, keyEnd: number, valueEnd: number): void {
    const isInOrder = this.append(bytes, keyStart, keyEnd, valueEnd);
    assert(isInOrder, "records out of order");
  }

  /** The same for records that a damaged file may hold: false when it does not follow the one before, and the file is of no use. */
  append(bytes: Uint8Array, keyStart: number, keyEnd: number, valueEnd: number): boolean {
    assert(this.name !== undefined, "a record needs a bucket");
    const leaves = this.level(0);
    this.appendCopy(leaves, bytes, keyStart, keyEnd, valueEnd, 0);
    if (leaves.count > 1 && leaves.compareKeys(leaves.count - 2, leaves.count - 1) >= 0) return false;
    this.writeGathered(0);
    return true;
  }

  /** Writes what is left and the meta pages, and syncs the file. */
  finish(transaction: number): Meta {
    if (this.name !== undefined) this.endBucket();
    const { store, file } = this;
    const root = this.finishTree(this.buckets);
    store.flush();
    const { highWaterMark, pageBytes } = store;
    file.truncate(highWaterMark * pageBytes);
    const meta: Meta = { pageBytes, root, sequence: 0, freeList: undefined, highWaterMark, transaction };
    this.writeMeta(meta);
    this.writeMeta({ ...meta, transaction: transaction - 1 });
    file.sync();
    return meta;
  }

  private endBucket(): void {
    assert(this.name !== undefined, "a bucket is open");
    const leaves = this.level(0);
    const inline =
      this.levels.every((list, level) => level === 0 || list.count === 0) &&
      leaves.nodeBytes <= this.store.pageBytes / 4;
    const header = inline
      ? bucketHeader(this.name, 0, this.sequence, encodeInlineLeaf(leaves))
      : bucketHeader(this.name, this.finishTree(leaves), this.sequence, EMPTY_BYTES);
    leaves.clear();
    const nameBytes = this.name.length;
    this.buckets.add(this.buckets.addSource(header), 0, nameBytes, header.length - nameBytes, ELEMENT_BUCKET);
    this.name = undefined;
  }

  /** Writes all levels to their top; returns the root page. All lists are empty afterwards. */
  private finishTree(leaves: ElementList): number {
    if (leaves.count === 0) return this.store.write(leaves, 0, 0, leaves.nodeBytes, false);
    let list = leaves;
    for (let level = 0; list.leaf || list.count > 1 || this.hasContentAbove(level); level++) {
      const above = this.level(level + 1);
      above.leaf = false;
      this.writeNodes(list, above, list.count);
      list.clear();
      list = above;
    }
    const root = list.child[0]!;
    list.clear();
    return root;
  }

  private hasContentAbove(level: number): boolean {
    return this.levels.some((list, i) => i > level && list.count > 0);
  }

  /** When a level has gathered enough, writes its nodes but the last one, whose end is not known yet. */
  private writeGathered(level: number): void {
    const list = this.level(level);
    if (list.nodeBytes < GATHERED_PAGES * this.store.pageBytes) return;
    const above = this.level(level + 1);
    above.leaf = false;
    const kept = this.writeNodes(list, above, list.count - 1);
    const rest = new ElementList();
    rest.leaf = list.leaf;
    for (let i = kept; i < list.count; i++) this.keep(rest, list, i);
    this.levels[level] = rest;
    this.store.written.clear();
    this.writeGathered(level + 1);
  }

  /** Writes the nodes of the list that end at or before `end`; returns where the first one begins that does not. */
  private writeNodes(list: ElementList, above: ElementList, end: number): number {
    let written = 0;
    forEachNode(list, this.store.pageBytes, FILL, (lo, hi, nodeBytes) => {
      if (hi > end) return;
      const page = this.store.write(list, lo, hi, nodeBytes, false);
      above.addChildCopy(list.sources[list.source[lo]!]!, list.offset[lo]!, list.keyBytes[lo]!, page);
      written = hi;
    });
    return written;
  }

  private keep(rest: ElementList, list: ElementList, index: number): void {
    const bytes = list.sources[list.source[index]!]!;
    const start = list.offset[index]!;
    const keyEnd = start + list.keyBytes[index]!;
    if (list.leaf) {
      this.appendCopy(rest, bytes, start, keyEnd, keyEnd + list.valueBytes[index]!, list.flags[index]!);
    } else rest.addChildCopy(bytes, start, keyEnd - start, list.child[index]!);
  }

  private appendCopy(
    list: ElementList,
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueEnd: number,
    flags: number,
  ): void {
    const length = valueEnd - keyStart;
    if (this.heapUsed + length > this.heap.length) {
      this.heap = new Uint8Array(Math.max(HEAP_BYTES, length));
      this.heapUsed = 0;
    }
    this.heap.set(bytes.subarray(keyStart, valueEnd), this.heapUsed);
    const known = list.sources[list.sources.length - 1] === this.heap;
    const source = known ? list.sources.length - 1 : list.addSource(this.heap);
    list.add(source, this.heapUsed, keyEnd - keyStart, valueEnd - keyEnd, flags);
    this.heapUsed += length;
  }

  private writeMeta(meta: Meta): void {
    const page = meta.transaction % 2 === 0 ? 0 : 1;
    const bytes = new Uint8Array(meta.pageBytes);
    encodeMeta(bytes, 0, page, meta);
    this.file.write(bytes, 0, bytes.length, page * meta.pageBytes);
  }

  private level(level: number): ElementList {
    while (this.levels.length <= level) this.levels.push(new ElementList());
    return this.levels[level]!;
  }
}
