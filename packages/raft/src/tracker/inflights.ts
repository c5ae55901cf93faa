/**
 * The appends that a follower in replication has been sent and has not yet acknowledged: a window with a limit on messages and one
 * on payload bytes. A ring that grows up to the limit, so that an idle follower costs nothing.
 *
 * Invariants: indexes ascend from the oldest to the newest; `bytes` is the sum of the window.
 */

import { assert } from "@etcd-ts/base";

export class Inflights {
  readonly messagesMax: number;
  /** 0: no limit. */
  readonly bytesMax: number;
  /** Number of appends in flight. */
  count = 0;
  private bytes = 0;
  private start = 0;
  private indexes: number[] = [];
  private sizes: number[] = [];

  constructor(messagesMax: number, bytesMax: number) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  full(): boolean {
    return this.count >= this.messagesMax || (this.bytesMax !== 0 && this.bytes >= this.bytesMax);
  }

  /** An append whose last entry is `index`, with `bytes` of payload, went out. */
  add(index: number, bytes: number): void {
    assert(!this.full(), "raft: add to full inflights");
    if (this.count === this.indexes.length) this.grow();
    const at = (this.start + this.count) & (this.indexes.length - 1);
    this.indexes[at] = index;
    this.sizes[at] = bytes;
    this.count++;
    this.bytes += bytes;
  }

  /** Everything up to `index` was acknowledged. */
  freeTo(index: number): void {
    while (this.count > 0 && this.indexes[this.start]! <= index) {
      this.bytes -= this.sizes[this.start]!;
      this.start = (this.start + 1) & (this.indexes.length - 1);
      this.count--;
    }
  }

  clear(): void {
    this.count = 0;
    this.bytes = 0;
    this.start = 0;
  }

  clone(): Inflights {
    const copy = new Inflights(this.messagesMax, this.bytesMax);
    copy.count = this.count;
    copy.bytes = this.bytes;
    copy.start = this.start;
    copy.indexes = this.indexes.slice();
    copy.sizes = this.sizes.slice();
    return copy;
  }

  describe(): string {
    const limit = this.bytesMax === 0 ? "" : `/${this.bytesMax}`;
    return `inflights ${this.count}/${this.messagesMax} bytes=${this.bytes}${limit}`;
  }

  invariants(): void {
    let bytes = 0;
    for (let i = 0; i < this.count; i++) {
      const at = (this.start + i) & (this.indexes.length - 1);
      const before = (this.start + i - 1) & (this.indexes.length - 1);
      assert(i === 0 || this.indexes[before]! < this.indexes[at]!, "inflights: indexes ascend");
      bytes += this.sizes[at]!;
    }
    assert(bytes === this.bytes, "inflights: bytes is the sum of the window");
    assert(this.count <= this.messagesMax, "inflights: within the limit of messages");
  }

  /** Doubles the ring, a power of two, with the oldest append first. */
  private grow(): void {
    const size = Math.max(4, this.indexes.length * 2);
    const indexes = this.indexes.slice(this.start).concat(this.indexes.slice(0, this.start));
    const sizes = this.sizes.slice(this.start).concat(this.sizes.slice(0, this.start));
    while (indexes.length < size) {
      indexes.push(0);
      sizes.push(0);
    }
    this.start = 0;
    this.indexes = indexes;
    this.sizes = sizes;
  }
}
