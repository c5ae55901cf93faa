/**
 * A length-prefixed message that does not lie whole in one DATA frame. The body's buffer grows with what has arrived,
 * so that a client that announces much and sends little costs little.
 *
 *     flag (1: compressed) | length (4, big endian) | body
 */

import { readUint32 } from "../http2/frame.ts";

export const MESSAGE_PREFIX_BYTES = 5;
const FIRST_BODY_BYTES = 4096;

export class MessageAssembly {
  flag = 0;
  /** Length of the body; -1 until the prefix is whole. */
  bodyLength = -1;
  /** Bytes of the body so far. */
  received = 0;
  body: Buffer = Buffer.alloc(0);
  private readonly prefix = new Uint8Array(MESSAGE_PREFIX_BYTES);
  private prefixLength = 0;

  /** Nothing of the body, perhaps not even the prefix, is there. */
  get beforeBody(): boolean {
    return this.bodyLength < 0;
  }

  get complete(): boolean {
    return this.received === this.bodyLength;
  }

  get missing(): number {
    return this.bodyLength - this.received;
  }

  /** Takes the prefix, or what there is of it; returns the position behind. */
  takePrefix(bytes: Buffer, position: number, end: number): number {
    while (this.prefixLength < MESSAGE_PREFIX_BYTES && position < end) {
      this.prefix[this.prefixLength++] = bytes[position++]!;
    }
    if (this.prefixLength === MESSAGE_PREFIX_BYTES) {
      this.flag = this.prefix[0]!;
      this.bodyLength = readUint32(this.prefix, 1);
    }
    return position;
  }

  /** Takes what belongs to the body; returns the position behind. */
  takeBody(bytes: Buffer, position: number, end: number): number {
    const count = Math.min(end - position, this.missing);
    if (this.received + count > this.body.length) this.grow(this.received + count);
    bytes.copy(this.body, this.received, position, position + count);
    this.received += count;
    return position + count;
  }

  private grow(needed: number): void {
    const size = Math.min(this.bodyLength, Math.max(needed, this.body.length * 2, FIRST_BODY_BYTES));
    const larger = Buffer.allocUnsafeSlow(size);
    this.body.copy(larger, 0, 0, this.received);
    this.body = larger;
  }
}
