/** Bytes of one stream that wait for window or for the socket, in order. Segments are taken over, not copied. */

import { assert } from "@etcd-ts/base";

export class SendQueue {
  /** Bytes waiting. */
  length = 0;
  private readonly segments: Buffer[] = [];
  /** How much of the first segment has left. */
  private offset = 0;

  push(segment: Buffer): void {
    if (segment.length === 0) return;
    this.segments.push(segment);
    this.length += segment.length;
  }

  /** Moves the first `count` bytes to `target`. */
  moveTo(target: Buffer, position: number, count: number): void {
    assert(count <= this.length, "a queue gives no more than it has");
    this.length -= count;
    while (count > 0) {
      const segment = this.segments[0]!;
      const taken = Math.min(count, segment.length - this.offset);
      segment.copy(target, position, this.offset, this.offset + taken);
      position += taken;
      count -= taken;
      this.offset += taken;
      if (this.offset === segment.length) {
        this.segments.shift();
        this.offset = 0;
      }
    }
  }

  clear(): void {
    this.segments.length = 0;
    this.offset = 0;
    this.length = 0;
  }
}
