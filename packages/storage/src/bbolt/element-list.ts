/**
 * Elements of a tree on their way into pages, as columns of numbers: no object per element. An element names the bytes of
 * its key (and, in leaves, of the value directly behind it) in one of the list's sources: pages read, batches of operations.
 * Lists serve for operations too, whose `flags` column then holds their kind.
 */

import { assert } from "@etcd-ts/base";
import {
  branchChild,
  branchKeyBytes,
  branchKeyStart,
  ELEMENT_BYTES,
  elementCount,
  leafFlags,
  leafKeyBytes,
  leafKeyStart,
  leafValueBytes,
  PAGE_HEADER_BYTES,
} from "./page-layout.ts";

const HEAP_BYTES = 16 * 1024;

export class ElementList {
  count = 0;
  /** Bytes of a node that holds all of it: header, elements, keys, values. */
  nodeBytes = PAGE_HEADER_BYTES;
  /** What the elements are; set by whoever fills the list. */
  leaf = true;
  /** Something was taken out since the list was empty: the node may have become too small. */
  shrunk = false;
  readonly sources: Uint8Array[] = [];
  /** Columns; valid below `count`. */
  source = new Uint32Array(64);
  offset = new Uint32Array(64);
  keyBytes = new Uint32Array(64);
  valueBytes = new Uint32Array(64);
  flags = new Uint32Array(64);
  /** Branch elements only: the page of the child. */
  child = new Float64Array(64);
  /** Where keys are copied that outlive their source: the source of that number. */
  private heap: Uint8Array | undefined;
  private heapSource = 0;
  private heapUsed = 0;

  addSource(bytes: Uint8Array): number {
    return this.sources.push(bytes) - 1;
  }

  add(source: number, offset: number, keyBytes: number, valueBytes: number, flags: number): void {
    if (this.count === this.source.length) this.grow();
    const i = this.count++;
    this.source[i] = source;
    this.offset[i] = offset;
    this.keyBytes[i] = keyBytes;
    this.valueBytes[i] = valueBytes;
    this.flags[i] = flags;
    this.nodeBytes += ELEMENT_BYTES + keyBytes + valueBytes;
  }

  addChild(source: number, offset: number, keyBytes: number, child: number): void {
    this.add(source, offset, keyBytes, 0, 0);
    this.child[this.count - 1] = child;
  }

  /** Adds a child whose key is copied. */
  addChildCopy(bytes: Uint8Array, start: number, keyBytes: number, child: number): void {
    if (this.heap === undefined || this.heapUsed + keyBytes > this.heap.length) {
      this.heap = new Uint8Array(Math.max(HEAP_BYTES, keyBytes));
      this.heapSource = this.addSource(this.heap);
      this.heapUsed = 0;
    }
    const at = this.heapUsed;
    for (let i = 0; i < keyBytes; i++) this.heap[at + i] = bytes[start + i]!;
    this.heapUsed += keyBytes;
    this.addChild(this.heapSource, at, keyBytes, child);
  }

  /** Elements `[lo, hi)` of a leaf, which is source number `source`. */
  addFromLeaf(leaf: Uint8Array, source: number, lo: number, hi: number): void {
    for (let i = lo; i < hi; i++) {
      this.add(
        source,
        leafKeyStart(leaf, i),
        leafKeyBytes(leaf, i),
        leafValueBytes(leaf, i),
        leafFlags(leaf, i),
      );
    }
  }

  /** Element `index` of a branch, which is source number `source`. */
  addFromBranch(branch: Uint8Array, source: number, index: number): void {
    const start = branchKeyStart(branch, index);
    this.addChild(source, start, branchKeyBytes(branch, index), branchChild(branch, index));
  }

  /** All elements of `other`, sources included. */
  addAll(other: ElementList): void {
    const base = this.sources.length;
    for (const source of other.sources) this.sources.push(source);
    for (let i = 0; i < other.count; i++) {
      const { offset, keyBytes, valueBytes, flags } = other;
      this.add(base + other.source[i]!, offset[i]!, keyBytes[i]!, valueBytes[i]!, flags[i]!);
      this.child[this.count - 1] = other.child[i]!;
    }
    this.shrunk ||= other.shrunk;
  }

  /** Takes the last element away. */
  pop(): void {
    assert(this.count > 0, "pop of an empty list");
    const i = --this.count;
    this.nodeBytes -= ELEMENT_BYTES + this.keyBytes[i]! + this.valueBytes[i]!;
  }

  elementBytes(index: number): number {
    return ELEMENT_BYTES + this.keyBytes[index]! + this.valueBytes[index]!;
  }

  clear(): void {
    this.count = 0;
    this.nodeBytes = PAGE_HEADER_BYTES;
    this.leaf = true;
    this.shrunk = false;
    this.sources.length = 0;
    this.heap = undefined;
  }

  /** Compares the key of an element with `bytes[start, end)`. */
  compareKey(index: number, bytes: Uint8Array, start: number, end: number): number {
    const own = this.sources[this.source[index]!]!;
    const ownStart = this.offset[index]!;
    const ownBytes = this.keyBytes[index]!;
    const length = Math.min(ownBytes, end - start);
    for (let i = 0; i < length; i++) {
      const difference = own[ownStart + i]! - bytes[start + i]!;
      if (difference !== 0) return difference;
    }
    return ownBytes - (end - start);
  }

  /** Compares the keys of two elements of this list. */
  compareKeys(a: number, b: number): number {
    const start = this.offset[b]!;
    return this.compareKey(a, this.sources[this.source[b]!]!, start, start + this.keyBytes[b]!);
  }

  private grow(): void {
    const length = 4 * this.source.length;
    this.source = grown(this.source, length);
    this.offset = grown(this.offset, length);
    this.keyBytes = grown(this.keyBytes, length);
    this.valueBytes = grown(this.valueBytes, length);
    this.flags = grown(this.flags, length);
    const child = new Float64Array(length);
    child.set(this.child);
    this.child = child;
  }
}

function grown(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(length);
  copy.set(column);
  return copy;
}

/** All elements of a node, which becomes a source of the list. */
export function addNode(list: ElementList, node: Uint8Array): void {
  const source = list.addSource(node);
  const count = elementCount(node);
  if (list.leaf) list.addFromLeaf(node, source, 0, count);
  else for (let i = 0; i < count; i++) list.addFromBranch(node, source, i);
}
