/**
 * How a page of the database file is laid out (grammar: FORMAT.md): offsets, element access and the structural check of a
 * node. A *node* is a page together with its overflow pages, handled as one run of bytes.
 *
 * Everything works on byte offsets of a `Uint8Array` and allocates nothing: readers walk nodes in place. Access does not
 * check bounds; {@link nodeFault} checks a node once, when it enters memory, and every element access may rely on it.
 * Page ids are 64-bit on disk and safe integers here.
 */

// Permanent: these numbers are the file format.
export const PAGE_HEADER_BYTES = 16;
export const ELEMENT_BYTES = 16;
export const BUCKET_HEADER_BYTES = 16;
export const FLAG_BRANCH = 0x01;
export const FLAG_LEAF = 0x02;
export const FLAG_META = 0x04;
export const FLAG_FREE_LIST = 0x10;
/** Flag of a leaf element whose value is a bucket header. */
export const ELEMENT_BUCKET = 0x01;
export const KEY_BYTES_MAX = 32768;
export const VALUE_BYTES_MAX = 2 ** 31 - 2;
export const ELEMENTS_MAX = 0xfffe;
/** The size of pages in files that we create. */
export const PAGE_BYTES_DEFAULT = 4096;
/** The smallest page size that a file may have (page size discovery steps from here). */
export const PAGE_BYTES_MIN = 1024;
export const PAGE_BYTES_MAX = 1024 << 14;

export function readUint16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** Exact below 2^53; what is larger comes back as some larger number, which every range check refuses. */
export function readUint64(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) + readUint32(bytes, at + 4) * 2 ** 32;
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function writeUint64(bytes: Uint8Array, at: number, value: number): void {
  writeUint32(bytes, at, value >>> 0);
  writeUint32(bytes, at + 4, Math.floor(value / 2 ** 32));
}

export function pageId(node: Uint8Array): number {
  return readUint64(node, 0);
}

export function pageFlags(node: Uint8Array): number {
  return readUint16(node, 8);
}

export function elementCount(node: Uint8Array): number {
  return readUint16(node, 10);
}

/** Pages that follow the first one and belong to the same node. */
export function pageOverflow(node: Uint8Array): number {
  return readUint32(node, 12);
}

export function isLeaf(node: Uint8Array): boolean {
  return (node[8]! & FLAG_LEAF) !== 0;
}

export function writePageHeader(
  bytes: Uint8Array,
  at: number,
  id: number,
  flags: number,
  count: number,
  overflow: number,
): void {
  writeUint64(bytes, at, id);
  writeUint16(bytes, at + 8, flags);
  writeUint16(bytes, at + 10, count);
  writeUint32(bytes, at + 12, overflow);
}

function elementAt(index: number): number {
  return PAGE_HEADER_BYTES + index * ELEMENT_BYTES;
}

// A leaf element is flags, pos, ksize, vsize; the value lies directly behind the key.

export function leafFlags(node: Uint8Array, index: number): number {
  return readUint32(node, elementAt(index));
}

export function leafKeyStart(node: Uint8Array, index: number): number {
  const at = elementAt(index);
  return at + readUint32(node, at + 4);
}

export function leafKeyBytes(node: Uint8Array, index: number): number {
  return readUint32(node, elementAt(index) + 8);
}

export function leafValueBytes(node: Uint8Array, index: number): number {
  return readUint32(node, elementAt(index) + 12);
}

// A branch element is pos, ksize, child.

export function branchKeyStart(node: Uint8Array, index: number): number {
  const at = elementAt(index);
  return at + readUint32(node, at);
}

export function branchKeyBytes(node: Uint8Array, index: number): number {
  return readUint32(node, elementAt(index) + 4);
}

export function branchChild(node: Uint8Array, index: number): number {
  return readUint64(node, elementAt(index) + 8);
}

/** Compares `node[start, end)` with `key`: negative, zero or positive as it is before, equal or after. */
export function compareAt(node: Uint8Array, start: number, end: number, key: Uint8Array): number {
  const stored = end - start;
  const length = Math.min(stored, key.length);
  for (let i = 0; i < length; i++) {
    const difference = node[start + i]! - key[i]!;
    if (difference !== 0) return difference;
  }
  return stored - key.length;
}

/** The first element of a leaf whose key is at or after `key`; the element count when there is none. */
export function leafLowerBound(node: Uint8Array, key: Uint8Array): number {
  let lo = 0;
  let hi = elementCount(node);
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    const start = leafKeyStart(node, middle);
    if (compareAt(node, start, start + leafKeyBytes(node, middle), key) < 0) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** The child whose subtree `key` belongs to: the last one whose key is at or before it, else the first. */
export function branchChildIndex(node: Uint8Array, key: Uint8Array): number {
  let lo = 1;
  let hi = elementCount(node);
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    const start = branchKeyStart(node, middle);
    if (compareAt(node, start, start + branchKeyBytes(node, middle), key) <= 0) lo = middle + 1;
    else hi = middle;
  }
  return lo - 1;
}

/**
 * What is wrong with a node that was read as page `id`, or undefined: its id, its flag, and that every element lies inside
 * it. `node` must be the whole run. An inline bucket's image is checked with `id` 0.
 */
export function nodeFault(node: Uint8Array, id: number): string | undefined {
  if (node.length < PAGE_HEADER_BYTES) return "shorter than a page header";
  if (pageId(node) !== id) return `its header says page ${pageId(node)}`;
  const flags = pageFlags(node);
  if (flags !== FLAG_LEAF && flags !== FLAG_BRANCH) {
    return `flags 0x${flags.toString(16)} are neither leaf nor branch`;
  }
  const count = elementCount(node);
  const dataStart = elementAt(count);
  if (dataStart > node.length) return `${count} elements do not fit`;
  return flags === FLAG_LEAF ? leafFault(node, count, dataStart) : branchFault(node, count, dataStart);
}

function leafFault(node: Uint8Array, count: number, dataStart: number): string | undefined {
  for (let i = 0; i < count; i++) {
    const start = leafKeyStart(node, i);
    const keyBytes = leafKeyBytes(node, i);
    const valueBytes = leafValueBytes(node, i);
    if (start < dataStart || start + keyBytes + valueBytes > node.length) {
      return `element ${i} lies outside of its page`;
    }
    if (keyBytes === 0) return `element ${i} has an empty key`;
    const flags = leafFlags(node, i);
    if (flags > ELEMENT_BUCKET) return `element ${i} has unknown flags`;
    if (flags === ELEMENT_BUCKET) {
      const fault = bucketFault(node.subarray(start + keyBytes, start + keyBytes + valueBytes));
      if (fault !== undefined) return `element ${i} is a bucket ${fault}`;
    }
  }
  return undefined;
}

/** What is wrong with a bucket header or with the leaf that lies inline behind it. */
function bucketFault(value: Uint8Array): string | undefined {
  if (value.length < BUCKET_HEADER_BYTES) return "without a header";
  if (readUint64(value, 0) !== 0) return undefined;
  const fault = nodeFault(value.subarray(BUCKET_HEADER_BYTES), 0);
  return fault === undefined ? undefined : `whose inline page is damaged: ${fault}`;
}

function branchFault(node: Uint8Array, count: number, dataStart: number): string | undefined {
  if (count === 0) return "a branch without children";
  for (let i = 0; i < count; i++) {
    const start = branchKeyStart(node, i);
    if (start < dataStart || start + branchKeyBytes(node, i) > node.length) {
      return `element ${i} lies outside of its page`;
    }
    if (branchChild(node, i) < 2) return `element ${i} points to meta page ${branchChild(node, i)}`;
  }
  return undefined;
}
