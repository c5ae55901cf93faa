/**
 * Ids of proposals (`disk-formats.md` 2.10): two high bytes from the member, five from the time of the start in
 * milliseconds, and a counter in the low byte whose carry may run into the time. Unique in the cluster, ascending on a member.
 *
 * The low 48 bits fit a double, so that the hot path never makes a bigint: `next` returns them, and the words of the whole id
 * follow from them.
 */

const LOW_48_BITS = 2 ** 48;
const WORD = 2 ** 32;

export class RequestIds {
  /** The low 16 bits of the member's id, in place for the high word. */
  private readonly memberBits: number;
  /** The low 48 bits of the last id given out. */
  private last: number;

  constructor(memberId: bigint, startMs: number) {
    this.memberBits = Number(memberId & 0xffffn) << 16;
    this.last = (Math.floor(startMs) % 2 ** 40) * 256;
  }

  next(): number {
    this.last = (this.last + 1) % LOW_48_BITS;
    return this.last;
  }

  /** Words (signed) of the id whose low 48 bits are `low`. */
  lowWord(low: number): number {
    return (low % WORD) | 0;
  }

  highWord(low: number): number {
    return this.memberBits | Math.floor(low / WORD);
  }

  whole(low: number): bigint {
    return (BigInt(this.highWord(low) >>> 0) << 32n) | BigInt(this.lowWord(low) >>> 0);
  }
}
