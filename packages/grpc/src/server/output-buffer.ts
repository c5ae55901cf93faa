/**
 * What a connection will write at the end of the turn: one growing buffer into which frames are put in place. Buffers of the
 * common size come from a pool that all connections share and return there once the socket has taken them;
 * an idle connection holds none.
 */

const POOLED_BYTES = 65_536;
const POOLED_MAX = 256;

const EMPTY = Buffer.alloc(0);
const pool: Buffer[] = [];

export function recycle(buffer: Buffer): void {
  if (buffer.length === POOLED_BYTES && pool.length < POOLED_MAX) pool.push(buffer);
}

export class OutputBuffer {
  bytes: Buffer = EMPTY;
  /** Bytes in use. */
  length = 0;

  /** Makes room for `count` more bytes; the caller writes them at `length` and moves it. */
  ensure(count: number): void {
    if (this.length + count > this.bytes.length) this.grow(count);
  }

  /** Hands the buffer over; the caller gives it back by `recycle` when nobody reads it any more. */
  take(): Buffer {
    const taken = this.bytes;
    this.bytes = EMPTY;
    this.length = 0;
    return taken;
  }

  private grow(count: number): void {
    const needed = this.length + count;
    const wanted = needed <= POOLED_BYTES ? POOLED_BYTES : Math.max(needed, this.bytes.length * 2);
    const larger = (wanted === POOLED_BYTES ? pool.pop() : undefined) ?? Buffer.allocUnsafeSlow(wanted);
    this.bytes.copy(larger, 0, 0, this.length);
    recycle(this.bytes);
    this.bytes = larger;
  }
}
