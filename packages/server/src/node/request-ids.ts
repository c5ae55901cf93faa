/**
 * Ids of proposals (`disk-formats.md` 2.10): two high bytes from the member, five from the time of the start in
 * milliseconds, and a counter in the low byte whose carry may run into the time. Unique in the cluster, ascending on a member.
 *
 * The low 48 bits fit a double, so that the hot path never makes a bigint: {@link RequestIds.next} returns them, and
 * {@link RequestIds.prefix} is what stands above.
 */

const LOW_48_BITS = 2 ** 48;

export class RequestIds {
  /** The two high bytes: the low 16 bits of the member's id. */
  readonly prefix: number;
  /** The low 48 bits of the last id given out. */
  private last: number;

  constructor(memberId: bigint, startMs: number) {
    this.prefix = Number(memberId & 0xffffn);
    this.last = (startMs % 2 ** 40) * 256;
  }

  next(): number {
    this.last = (this.last + 1) % LOW_48_BITS;
    return this.last;
  }

  /** The whole id of the low part that {@link next} gave. */
  whole(low: number): bigint {
    return (BigInt(this.prefix) << 48n) | BigInt(low);
  }
}
