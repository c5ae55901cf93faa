/**
 * The set of free pages: one bit a page, and over the words of 32 bits a segment tree that knows of every stretch the
 * longest run of free pages in it and the runs at its two ends. The lowest run of n free pages is found in O(log pages),
 * however large n is; taking and giving back a run costs O(log pages) for each word that it touches. 8 GB: 2 M pages, 1.8 MB.
 */

import { assert } from "@etcd-ts/base";

const WORD_PAGES = 32;

export class FreeMap {
  /** Pages in the set. */
  count = 0;
  private words: Uint32Array;
  /** Nodes of the tree: 1 is the root, 2i and 2i+1 the halves of i, `leaves + w` is word w. */
  private leaves: number;
  private longest: Int32Array;
  private prefix: Int32Array;
  private suffix: Int32Array;

  constructor(pagesExpected = 1024) {
    let leaves = 2;
    while (leaves * WORD_PAGES < pagesExpected) leaves *= 2;
    this.leaves = leaves;
    this.words = new Uint32Array(leaves);
    this.longest = new Int32Array(2 * leaves);
    this.prefix = new Int32Array(2 * leaves);
    this.suffix = new Int32Array(2 * leaves);
  }

  has(page: number): boolean {
    const word = page >>> 5;
    return word < this.leaves && (this.words[word]! & (1 << (page & 31))) !== 0;
  }

  /** Adds `pages` pages from `page` on; none of them may be in the set. */
  add(page: number, pages: number): void {
    this.reserve(page + pages);
    this.change(page, pages, true);
    this.count += pages;
  }

  /** Takes `pages` pages from `page` on out of the set; all of them must be in it. */
  remove(page: number, pages: number): void {
    assert(page + pages <= this.leaves * WORD_PAGES, "page taken that is not free");
    this.change(page, pages, false);
    this.count -= pages;
  }

  /** The lowest page where `pages` free pages lie in a row; undefined when there is none. */
  find(pages: number): number | undefined {
    const { longest, prefix, suffix, leaves } = this;
    if (longest[1]! < pages) return undefined;
    let node = 1;
    let base = 0;
    let half = (leaves * WORD_PAGES) / 2;
    while (node < leaves) {
      const left = 2 * node;
      if (longest[left]! >= pages) node = left;
      else if (suffix[left]! + prefix[left + 1]! >= pages) return base + half - suffix[left]!;
      else {
        node = left + 1;
        base += half;
      }
      half /= 2;
    }
    return base + runInWord(this.words[node - leaves]!, pages);
  }

  /** Visits the maximal runs in ascending order. */
  forEachRun(visit: (page: number, pages: number) => void): void {
    let start = -1;
    const end = this.leaves * WORD_PAGES;
    for (let page = 0; page < end; page++) {
      if (start < 0 && (page & 31) === 0 && this.words[page >>> 5] === 0) page += 31;
      else if (this.has(page)) start = start < 0 ? page : start;
      else if (start >= 0) {
        visit(start, page - start);
        start = -1;
      }
    }
    if (start >= 0) visit(start, end - start);
  }

  private change(page: number, pages: number, free: boolean): void {
    const end = page + pages;
    for (let at = page; at < end; ) {
      const word = at >>> 5;
      const low = at & 31;
      const high = Math.min(WORD_PAGES, low + end - at);
      const mask = bitsBetween(low, high);
      const before = this.words[word]!;
      if (free) assert((before & mask) === 0, "page freed twice");
      else assert((before & mask) >>> 0 === mask, "page taken that is not free");
      this.words[word] = free ? before | mask : before & ~mask;
      this.refresh(word);
      at += high - low;
    }
  }

  /** Brings the tree up to date above a word, as far as anything changes. */
  private refresh(word: number): void {
    const { longest, prefix, suffix } = this;
    let node = this.leaves + word;
    const bits = this.words[word]!;
    longest[node] = longestRun(bits);
    prefix[node] = bits === 0xffffffff ? 32 : 31 - Math.clz32(~bits & -~bits);
    suffix[node] = Math.clz32(~bits);
    for (let half = WORD_PAGES; node > 1; half *= 2) {
      node >>>= 1;
      const left = 2 * node;
      const right = left + 1;
      const newPrefix = prefix[left] === half ? half + prefix[right]! : prefix[left]!;
      const newSuffix = suffix[right] === half ? half + suffix[left]! : suffix[right]!;
      const newLongest = Math.max(longest[left]!, longest[right]!, suffix[left]! + prefix[right]!);
      if (newPrefix === prefix[node] && newSuffix === suffix[node] && newLongest === longest[node]) return;
      prefix[node] = newPrefix;
      suffix[node] = newSuffix;
      longest[node] = newLongest;
    }
  }

  private reserve(pages: number): void {
    if (pages <= this.leaves * WORD_PAGES) return;
    const wider = new FreeMap(2 * pages);
    wider.words.set(this.words);
    for (let word = 0; word < this.leaves; word++) if (this.words[word] !== 0) wider.refresh(word);
    this.words = wider.words;
    this.leaves = wider.leaves;
    this.longest = wider.longest;
    this.prefix = wider.prefix;
    this.suffix = wider.suffix;
  }
}

/** Bits `[low, high)` of a word. */
function bitsBetween(low: number, high: number): number {
  const upTo = high === 32 ? 0xffffffff : (1 << high) - 1;
  return (upTo & ~((1 << low) - 1)) >>> 0;
}

function longestRun(bits: number): number {
  let length = 0;
  for (let rest = bits; rest !== 0; rest &= rest << 1) length++;
  return length;
}

/** The lowest position of `length` set bits in a row; the caller knows that there is one. */
function runInWord(bits: number, length: number): number {
  let starts = bits;
  for (let i = 1; i < length; i++) starts &= bits >>> i;
  assert(starts !== 0, "free map promised a run that is not there");
  return 31 - Math.clz32(starts & -starts);
}
