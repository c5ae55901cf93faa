/**
 * Request heads by the bytes of their header block. A client sends the same block (a dozen indexes) for every call of a method,
 * so most blocks need not be decoded. An entry is good as long as the dynamic table has not changed; only blocks that do
 * not change it are kept.
 */

import type { RequestHead } from "./request-head.ts";

const ENTRIES_MAX = 16;
const BLOCK_BYTES_MAX = 256;

export class HeaderCache {
  private readonly blocks: Buffer[] = [];
  private readonly heads: RequestHead[] = [];
  private generation = -1;
  private next = 0;

  find(generation: number, source: Buffer, start: number, end: number): RequestHead | undefined {
    if (generation !== this.generation) return undefined;
    const length = end - start;
    for (let i = 0; i < this.blocks.length; i++) {
      const block = this.blocks[i]!;
      if (block.length === length && matches(block, source, start)) return this.heads[i];
    }
    return undefined;
  }

  add(generation: number, source: Buffer, start: number, end: number, head: RequestHead): void {
    if (end - start > BLOCK_BYTES_MAX) return;
    if (generation !== this.generation) {
      this.blocks.length = 0;
      this.heads.length = 0;
      this.next = 0;
      this.generation = generation;
    }
    this.blocks[this.next] = Buffer.from(source.subarray(start, end));
    this.heads[this.next] = head;
    this.next = (this.next + 1) % ENTRIES_MAX;
  }
}

function matches(block: Buffer, source: Buffer, start: number): boolean {
  for (let i = 0; i < block.length; i++) {
    if (block[i] !== source[start + i]) return false;
  }
  return true;
}
