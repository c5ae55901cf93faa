/**
 * A bucket's entry in its parent's leaf: key = name, value = header, and an inline leaf's image behind it.
 *
 *     value = root page u64 (0: inline) · sequence u64 · image of a leaf (only inline)
 */

import { BUCKET_HEADER_BYTES, writeUint64 } from "./page-layout.ts";

/** Name and value back to back, as an element's bytes lie. */
export function bucketHeader(
  name: Uint8Array,
  root: number,
  sequence: number,
  image: Uint8Array,
): Uint8Array {
  const entry = new Uint8Array(name.length + BUCKET_HEADER_BYTES + image.length);
  entry.set(name);
  writeUint64(entry, name.length, root);
  writeUint64(entry, name.length + 8, sequence);
  entry.set(image, name.length + BUCKET_HEADER_BYTES);
  return entry;
}
