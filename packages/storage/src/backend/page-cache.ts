/**
 * Nodes of the tree in the loop's memory, by the number of their first page, bounded in bytes. A node is never changed: a
 * commit's report drops the numbers that were written anew, and whoever still holds the bytes keeps the old ones.
 *
 * Eviction is a clock: a node that was read since the hand passed last stays for one more round. Nodes that were read in
 * epoch `protectedFrom` or later are not evicted at all, even beyond the bound: reads that wait for a fetch find again what
 * they had, so that each repetition gets further (`page-fetches.ts` moves both numbers).
 */

import { assert } from "@etcd-ts/base";
import type { PageSource } from "../bbolt/index.ts";

/** Memory of a node beside its bytes, about. */
const NODE_BYTES = 160;

export class PageCache implements PageSource {
  bytes = 0;
  /** Moves on with each fetch. */
  epoch = 0;
  protectedFrom = Infinity;
  private readonly bytesMax: number;
  private readonly slots = new Map<number, number>();
  /** By slot: page (-1: no node), node, epoch of the last read, whether it was read since the hand passed. */
  private readonly pages: number[] = [];
  private readonly nodes: (Uint8Array | undefined)[] = [];
  private readonly epochs: number[] = [];
  private readonly referenced: boolean[] = [];
  private readonly free: number[] = [];
  private hand = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get count(): number {
    return this.slots.size;
  }

  node(page: number): Uint8Array | undefined {
    const slot = this.slots.get(page);
    if (slot === undefined) return undefined;
    this.epochs[slot] = this.epoch;
    this.referenced[slot] = true;
    return this.nodes[slot];
  }

  has(page: number): boolean {
    return this.slots.has(page);
  }

  insert(page: number, node: Uint8Array): void {
    assert(!this.slots.has(page), "a page enters the cache twice");
    const slot = this.free.pop() ?? this.pages.length;
    this.slots.set(page, slot);
    this.pages[slot] = page;
    this.nodes[slot] = node;
    this.epochs[slot] = this.epoch;
    this.referenced[slot] = true;
    this.bytes += node.length + NODE_BYTES;
  }

  drop(page: number): void {
    const slot = this.slots.get(page);
    if (slot !== undefined) this.dropSlot(slot);
  }

  clear(): void {
    for (let slot = 0; slot < this.pages.length; slot++) if (this.pages[slot] !== -1) this.dropSlot(slot);
  }

  /** Evicts until the bound is kept or nothing more may go. */
  trim(): void {
    for (let steps = 2 * this.pages.length; this.bytes > this.bytesMax && steps > 0; steps--) {
      this.hand = this.hand + 1 < this.pages.length ? this.hand + 1 : 0;
      this.passOver(this.hand);
    }
  }

  invariants(): void {
    let bytes = 0;
    for (const [page, slot] of this.slots) {
      assert(this.pages[slot] === page, "cache slot of another page");
      bytes += this.nodes[slot]!.length + NODE_BYTES;
    }
    assert(bytes === this.bytes, "cache bytes miscounted");
    assert(this.slots.size + this.free.length === this.pages.length, "cache slots leaked");
  }

  private passOver(slot: number): void {
    if (this.pages[slot] === -1 || this.epochs[slot]! >= this.protectedFrom) return;
    if (this.referenced[slot]) this.referenced[slot] = false;
    else this.dropSlot(slot);
  }

  private dropSlot(slot: number): void {
    this.bytes -= this.nodes[slot]!.length + NODE_BYTES;
    this.slots.delete(this.pages[slot]!);
    this.pages[slot] = -1;
    this.nodes[slot] = undefined;
    this.free.push(slot);
  }
}
