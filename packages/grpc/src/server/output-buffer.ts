/**
 * What a connection will write at the end of the turn: one buffer into which frames are put in place. Buffers come in two sizes from
 * pools that all connections share, and return there once the socket has taken them; an idle connection holds none.
 */

const SMALL_BYTES = 65_536;
/** More than a turn writes, so that larger ones are rare: one frame, or a header block, that comes on top. */
const LARGE_BYTES = 1_048_576;
const SMALL_KEPT_MAX = 256;
const LARGE_KEPT_MAX = 64;

const EMPTY = Buffer.alloc(0);
const small: Buffer[] = [];
const large: Buffer[] = [];

export function recycle(buffer: Buffer): void {
  if (buffer.length === SMALL_BYTES && small.length < SMALL_KEPT_MAX) small.push(buffer);
  else if (buffer.length === LARGE_BYTES && large.length < LARGE_KEPT_MAX) large.push(buffer);
}

function bufferFor(count: number): Buffer {
  if (count <= SMALL_BYTES) return small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
  if (count <= LARGE_BYTES) return large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES);
  return Buffer.allocUnsafeSlow(count * 2);
}

export class OutputBuffer {
  bytes: Buffer = EMPTY;
  /** Bytes in use. */
  length = 0;

  /** Makes room for `count` more bytes; the caller writes them at `length` and moves it. */
  ensure(count: number): void {
    if (this.length + count > this.bytes.length) this.grow(this.length + count);
  }

  /** Hands the buffer over; the caller gives it back by `recycle` when nobody reads it any more. */
  take(): Buffer {
    const taken = this.bytes;
    this.bytes = EMPTY;
    this.length = 0;
    return taken;
  }

  private grow(needed: number): void {
    const larger = bufferFor(needed);
    this.bytes.copy(larger, 0, 0, this.length);
    recycle(this.bytes);
    this.bytes = larger;
  }
}
