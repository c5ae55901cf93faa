/**
 * 64-bit integers as two 32-bit words: how a varint is taken apart without a `bigint` for every shift. One shared cell of
 * eight bytes converts between the words and a `bigint`; it is written and read within one call, never kept.
 */

const cell = new ArrayBuffer(8);
const signed = new BigInt64Array(cell);
const unsigned = new BigUint64Array(cell);
const words = new Int32Array(cell);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LO = LITTLE_ENDIAN ? 0 : 1;
const HI = LITTLE_ENDIAN ? 1 : 0;

export function int64FromWords(lo: number, hi: number): bigint {
  words[LO] = lo;
  words[HI] = hi;
  return signed[0] as bigint;
}

export function uint64FromWords(lo: number, hi: number): bigint {
  words[LO] = lo;
  words[HI] = hi;
  return unsigned[0] as bigint;
}

/** The low word (signed) of a 64-bit integer, signed or unsigned. */
export function loWord(value: bigint): number {
  signed[0] = value;
  return words[LO] as number;
}

/** The high word (signed) of a 64-bit integer, signed or unsigned. */
export function hiWord(value: bigint): number {
  signed[0] = value;
  return words[HI] as number;
}

/** A signed 64-bit integer as a number; beyond the safe integers it stays at the nearest safe one. */
export function int64Number(lo: number, hi: number): number {
  const value = hi * 2 ** 32 + (lo >>> 0);
  if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  return Math.max(value, Number.MIN_SAFE_INTEGER);
}

/** An unsigned 64-bit integer as a number; beyond the safe integers it stays at the largest safe one. */
export function uint64Number(lo: number, hi: number): number {
  const value = (hi >>> 0) * 2 ** 32 + (lo >>> 0);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}
