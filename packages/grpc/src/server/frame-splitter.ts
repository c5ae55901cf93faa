/**
 * Cuts the byte stream of a connection into frames. A frame that lies whole in a chunk is handed over in place; only one that
 * straddles chunks is copied, into a buffer of its own size. Buffers are never written again after they were handed over.
 *
 * The sink may stop between frames (`false`): the rest of the chunk waits for `resume`.
 */

import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, readUint24 } from "../http2/frame.ts";

export interface FrameSink {
  /** A whole frame: its header at `start`, `length` bytes of payload behind it. False stops. */
  onFrame(bytes: Buffer, start: number, length: number): boolean;
  /** A header that announces more than MAX_FRAME_BYTES; nothing more will be handed over. */
  onOversizedFrame(length: number): void;
}

const NOTHING = Buffer.alloc(0);

export class FrameSplitter {
  private readonly sink: FrameSink;
  /** A frame under way: its first `partialLength` bytes; as long as the frame, once that is known. */
  private partial: Buffer = NOTHING;
  private partialLength = 0;
  /** Chunks that wait because the sink stopped. */
  private readonly waiting: Buffer[] = [];
  private stopped = false;
  private closed = false;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  push(chunk: Buffer): void {
    if (this.closed) return;
    if (this.stopped) this.waiting.push(chunk);
    else this.split(chunk);
  }

  /** Goes on after a stop; true when nothing waits any more. */
  resume(): boolean {
    this.stopped = this.closed;
    while (!this.stopped) {
      const chunk = this.waiting.shift();
      if (chunk === undefined) return true;
      this.split(chunk);
    }
    return false;
  }

  /** Drops everything, for good. */
  close(): void {
    this.closed = true;
    this.stopped = true;
    this.waiting.length = 0;
    this.partial = NOTHING;
    this.partialLength = 0;
  }

  private split(chunk: Buffer): void {
    let position = this.partialLength > 0 ? this.completePartial(chunk) : 0;
    while (!this.stopped && chunk.length - position >= FRAME_HEADER_BYTES) {
      const length = readUint24(chunk, position);
      if (length > MAX_FRAME_BYTES) {
        this.oversized(length);
        return;
      }
      const end = position + FRAME_HEADER_BYTES + length;
      if (end > chunk.length) break;
      if (!this.sink.onFrame(chunk, position, length)) this.stopped = true;
      position = end;
    }
    if (position >= chunk.length || this.closed) return;
    if (this.stopped) this.waiting.unshift(chunk.subarray(position));
    else this.keep(chunk, position);
  }

  private keep(chunk: Buffer, position: number): void {
    this.partialLength = chunk.length - position;
    const size =
      this.partialLength < FRAME_HEADER_BYTES
        ? FRAME_HEADER_BYTES
        : FRAME_HEADER_BYTES + readUint24(chunk, position);
    this.partial = Buffer.allocUnsafe(size);
    chunk.copy(this.partial, 0, position);
  }

  /** Returns how much of the chunk belonged to the frame under way. */
  private completePartial(chunk: Buffer): number {
    let position = 0;
    if (this.partialLength < FRAME_HEADER_BYTES) {
      position = this.fill(chunk, 0, FRAME_HEADER_BYTES);
      if (this.partialLength < FRAME_HEADER_BYTES) return position;
      const length = readUint24(this.partial, 0);
      if (length > MAX_FRAME_BYTES) {
        this.oversized(length);
        return chunk.length;
      }
      const whole = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
      this.partial.copy(whole, 0, 0, FRAME_HEADER_BYTES);
      this.partial = whole;
    }
    position = this.fill(chunk, position, this.partial.length);
    if (this.partialLength < this.partial.length) return position;
    const frame = this.partial;
    this.partial = NOTHING;
    this.partialLength = 0;
    if (!this.sink.onFrame(frame, 0, frame.length - FRAME_HEADER_BYTES)) this.stopped = true;
    return position;
  }

  private fill(chunk: Buffer, position: number, until: number): number {
    const count = Math.min(chunk.length - position, until - this.partialLength);
    chunk.copy(this.partial, this.partialLength, position, position + count);
    this.partialLength += count;
    return position + count;
  }

  private oversized(length: number): void {
    this.close();
    this.sink.onOversizedFrame(length);
  }
}
