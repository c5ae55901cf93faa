/**
 * Byte strings: keys, values, page images. All of them are `Uint8Array`; where the run-time's `Buffer` is faster a view
 * is made, never a copy. Keys are ordered by unsigned bytes, a shorter prefix first.
 */

declare global {
  interface Buffer {
    // In every supported Node, though the type definitions leave them out: `toString` without its argument checks.
    latin1Slice(start: number, end: number): string;
    utf8Slice(start: number, end: number): string;
    hexSlice(start: number, end: number): string;
  }
}

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** A `Buffer` over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Negative, zero or positive as `a` is before, equal to or after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  if (length > 64) return Buffer.compare(a, b);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** The one way in which a key becomes a `Map` key: one character a byte. */
export function keyString(key: Uint8Array): string {
  return asBuffer(key).latin1Slice(0, key.length);
}

/** Inverse of {@link keyString}. */
export function keyBytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

export function utf8String(bytes: Uint8Array): string {
  return asBuffer(bytes).utf8Slice(0, bytes.length);
}

export function hexString(bytes: Uint8Array): string {
  return asBuffer(bytes).hexSlice(0, bytes.length);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
