/**
 * The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: codes of one length are consecutive, in the order of their
 * symbols, and shorter ones come first, so the lengths alone define it. Permanent.
 *
 * Decoding takes codes of up to eight bits (every common character) from one table and longer ones by their length.
 * A string ends in at most seven bits of padding, all ones; the EOS symbol (256) never occurs.
 */

import { assert } from "@etcd-ts/base";

const EOS = 256;
const LONGEST_BITS = 30;

// Code length of each symbol: sixteen a line, then EOS.
const LENGTHS: readonly number[] = [
  [13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28],
  [28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28],
  [6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6],
  [5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10],
  [13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
  [7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6],
  [15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5],
  [6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28],
  [20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23],
  [24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24],
  [22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23],
  [21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23],
  [26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25],
  [19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27],
  [20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23],
  [26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26],
  [30],
].flat();

const CODES = new Uint32Array(EOS + 1);
/** Symbols ordered by code. */
const SYMBOLS = new Uint16Array(EOS + 1);
/** Per length: the first code, how many there are, where they begin in SYMBOLS. */
const FIRST_CODE = new Uint32Array(LONGEST_BITS + 1);
const COUNT = new Uint32Array(LONGEST_BITS + 1);
const FIRST_SYMBOL = new Uint32Array(LONGEST_BITS + 1);
/** By the next eight bits: length << 8 | symbol, or 0 when the code is longer. */
const SHORT = new Uint16Array(256);

buildTables();

function buildTables(): void {
  let code = 0;
  let next = 0;
  for (let length = 1; length <= LONGEST_BITS; length++) {
    code *= 2;
    FIRST_CODE[length] = code;
    FIRST_SYMBOL[length] = next;
    for (let symbol = 0; symbol <= EOS; symbol++) {
      if (LENGTHS[symbol] !== length) continue;
      if (length <= 8) SHORT.fill((length << 8) | symbol, code << (8 - length), (code + 1) << (8 - length));
      CODES[symbol] = code++;
      SYMBOLS[next++] = symbol;
    }
    COUNT[length] = next - FIRST_SYMBOL[length]!;
  }
  assert(code === 2 ** LONGEST_BITS, "the Huffman code is complete");
}

export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += LENGTHS[text.charCodeAt(i)]!;
  return (bits + 7) >>> 3;
}

/** Encodes a latin1 string and returns the position behind it. */
export function huffmanEncode(text: string, target: Uint8Array, position: number): number {
  let pending = 0; // bits that are not written yet, at most 7 between symbols
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    const code = CODES[symbol]!;
    let left = LENGTHS[symbol]!;
    while (bits + left >= 8) {
      const take = 8 - bits;
      left -= take;
      target[position++] = (pending << take) | ((code >>> left) & ((1 << take) - 1));
      pending = 0;
      bits = 0;
    }
    pending = (pending << left) | (code & ((1 << left) - 1));
    bits += left;
  }
  if (bits > 0) target[position++] = (pending << (8 - bits)) | ((1 << (8 - bits)) - 1);
  return position;
}

/** The most bytes that `length` encoded bytes decode to. */
export function huffmanDecodedLengthMax(length: number): number {
  return Math.floor((length * 8) / 5);
}

/** Decodes `source[start, end)` into `target` from 0 on and returns the count of bytes, or -1 when the encoding is broken. */
export function huffmanDecode(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let written = 0;
  let bit = start * 8;
  const endBit = end * 8;
  while (bit < endBit) {
    const left = endBit - bit;
    const next = peek8(source, bit, end);
    const short = SHORT[next]!;
    const length = short >>> 8;
    if (length !== 0 && length <= left) {
      target[written++] = short;
      bit += length;
      continue;
    }
    if (left < 8) return next === 0xff ? written : -1;
    const code = peek30(source, bit, end);
    const longLength = lengthOfLong(code);
    const symbol =
      SYMBOLS[FIRST_SYMBOL[longLength]! + (code >>> (30 - longLength)) - FIRST_CODE[longLength]!]!;
    if (longLength > left || symbol === EOS) return -1;
    target[written++] = symbol;
    bit += longLength;
  }
  return written;
}

/** The eight bits at `bit`; behind the end there are ones. */
function peek8(source: Uint8Array, bit: number, end: number): number {
  const byte = bit >>> 3;
  const second = byte + 1 < end ? source[byte + 1]! : 0xff;
  return (((source[byte]! << 8) | second) >>> (8 - (bit & 7))) & 0xff;
}

function peek30(source: Uint8Array, bit: number, end: number): number {
  const byte = bit >>> 3;
  const shift = bit & 7;
  let word = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | (byte + i < end ? source[byte + i]! : 0xff);
  const fifth = byte + 4 < end ? source[byte + 4]! : 0xff;
  return ((word << shift) | (fifth >>> (8 - shift))) >>> 2;
}

/** Length of the code at the head of 30 bits, which is longer than 8. */
function lengthOfLong(bits30: number): number {
  let length = 9;
  while ((bits30 >>> (30 - length)) - FIRST_CODE[length]! >= COUNT[length]!) length++;
  return length;
}
