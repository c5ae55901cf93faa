/**
 * Elements into the bytes of a page, in the layout that bbolt writes: elements, then keys and values in their order without
 * gaps, then zeros. Elements whose bytes lie back to back in one source are copied together.
 */

import type { ElementList } from "./element-list.ts";
import { ELEMENT_BYTES, FLAG_BRANCH, FLAG_LEAF, PAGE_HEADER_BYTES, writePageHeader } from "./page-layout.ts";

const SHORT_COPY_BYTES = 48;

/**
 * Writes elements `[lo, hi)` of the list as the node of page `id` into `target[at, end)`; `view` is a DataView of the same
 * bytes. The node must fit. `overflow` pages follow its first one.
 */
export function encodeNode(
  list: ElementList,
  lo: number,
  hi: number,
  target: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  id: number,
  overflow: number,
): void {
  writePageHeader(target, at, id, list.leaf ? FLAG_LEAF : FLAG_BRANCH, hi - lo, overflow);
  if (list.leaf) writeLeafElements(list, lo, hi, view, at + PAGE_HEADER_BYTES);
  else writeBranchElements(list, lo, hi, view, at + PAGE_HEADER_BYTES);
  const dataEnd = copyData(list, lo, hi, target, at + PAGE_HEADER_BYTES + (hi - lo) * ELEMENT_BYTES);
  target.fill(0, dataEnd, end);
}

function writeLeafElements(list: ElementList, lo: number, hi: number, view: DataView, start: number): void {
  const { keyBytes, valueBytes, flags } = list;
  let element = start;
  let data = start + (hi - lo) * ELEMENT_BYTES;
  for (let i = lo; i < hi; i++) {
    view.setUint32(element, flags[i]!, true);
    view.setUint32(element + 4, data - element, true);
    view.setUint32(element + 8, keyBytes[i]!, true);
    view.setUint32(element + 12, valueBytes[i]!, true);
    element += ELEMENT_BYTES;
    data += keyBytes[i]! + valueBytes[i]!;
  }
}

function writeBranchElements(list: ElementList, lo: number, hi: number, view: DataView, start: number): void {
  const { keyBytes, child } = list;
  let element = start;
  let data = start + (hi - lo) * ELEMENT_BYTES;
  for (let i = lo; i < hi; i++) {
    view.setUint32(element, data - element, true);
    view.setUint32(element + 4, keyBytes[i]!, true);
    view.setUint32(element + 8, child[i]! >>> 0, true);
    view.setUint32(element + 12, Math.floor(child[i]! / 2 ** 32), true);
    element += ELEMENT_BYTES;
    data += keyBytes[i]!;
  }
}

/** Copies keys and values of the elements; returns where they end. */
function copyData(list: ElementList, lo: number, hi: number, target: Uint8Array, start: number): number {
  const { source, offset, keyBytes, valueBytes } = list;
  let at = start;
  for (let i = lo; i < hi; ) {
    const from = source[i]!;
    const runStart = offset[i]!;
    let runEnd = runStart;
    do {
      runEnd += keyBytes[i]! + valueBytes[i]!;
      i++;
    } while (i < hi && source[i] === from && offset[i] === runEnd);
    copyRun(list.sources[from]!, runStart, runEnd, target, at);
    at += runEnd - runStart;
  }
  return at;
}

function copyRun(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > SHORT_COPY_BYTES) {
    target.set(bytes.subarray(start, end), at);
    return;
  }
  for (let i = start; i < end; i++) target[at + i - start] = bytes[i]!;
}

/** The image of a leaf without a page of its own, unpadded. */
export function encodeInlineLeaf(list: ElementList): Uint8Array {
  const image = new Uint8Array(list.nodeBytes);
  const view = new DataView(image.buffer);
  encodeNode(list, 0, list.count, image, view, 0, image.length, 0, 0);
  return image;
}
