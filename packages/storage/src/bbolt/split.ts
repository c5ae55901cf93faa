/**
 * Where a run of elements is cut into nodes. The rule is bbolt's, so that a database of ours has the size that the same
 * history has in the original (quotas count on it): a node is cut when it is larger than a page and has more than four
 * elements, at the first element beyond `fill` of a page, with at least two elements on each side. One deviation: a
 * record of more than four pages stands alone, so that its neighbours are not written and read with it.
 */

import type { ElementList } from "./element-list.ts";
import { ELEMENTS_MAX, PAGE_HEADER_BYTES } from "./page-layout.ts";

const ELEMENTS_EACH_SIDE = 2;
const LARGE_PAGES = 4;

export type VisitNode = (lo: number, hi: number, nodeBytes: number) => void;

/** Visits the nodes `[lo, hi)` that the list makes, in order; the list is not empty. */
export function forEachNode(list: ElementList, pageBytes: number, fill: number, visit: VisitNode): void {
  const large = LARGE_PAGES * pageBytes;
  if (!list.leaf || list.nodeBytes <= large) {
    splitRun(list, 0, list.count, list.nodeBytes, pageBytes, fill, visit);
    return;
  }
  let start = 0;
  let bytes = PAGE_HEADER_BYTES;
  for (let i = 0; i < list.count; i++) {
    const elementBytes = list.elementBytes(i);
    if (elementBytes > large) {
      if (start < i) splitRun(list, start, i, bytes, pageBytes, fill, visit);
      visit(i, i + 1, PAGE_HEADER_BYTES + elementBytes);
      start = i + 1;
      bytes = PAGE_HEADER_BYTES;
    } else bytes += elementBytes;
  }
  if (start < list.count) splitRun(list, start, list.count, bytes, pageBytes, fill, visit);
}

function splitRun(
  list: ElementList,
  lo: number,
  hi: number,
  nodeBytes: number,
  pageBytes: number,
  fill: number,
  visit: VisitNode,
): void {
  const threshold = fill * pageBytes;
  let start = lo;
  let rest = nodeBytes;
  while ((rest > pageBytes && hi - start > 2 * ELEMENTS_EACH_SIDE) || hi - start > ELEMENTS_MAX) {
    let bytes = PAGE_HEADER_BYTES;
    let i = start;
    for (; i < hi - ELEMENTS_EACH_SIDE && i - start < ELEMENTS_MAX; i++) {
      const elementBytes = list.elementBytes(i);
      if (i - start >= ELEMENTS_EACH_SIDE && bytes + elementBytes > threshold) break;
      bytes += elementBytes;
    }
    visit(start, i, bytes);
    start = i;
    rest -= bytes - PAGE_HEADER_BYTES;
  }
  visit(start, hi, rest);
}
