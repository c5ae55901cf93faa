/**
 * Index nodes of one shape as runs of words in chunks that never move; freed nodes are used again.
 *
 *     leaf    | entries | prefix | live |  . | heads × capacity | slots × capacity |
 *     branch  | entries | prefix |   .  |  . | heads × capacity | children × capacity | live × capacity | separators × capacity |
 */

export const NODE_ENTRIES = 0;
/** Length of the prefix that all keys below the node share; heads are the four bytes after it. */
export const NODE_PREFIX = 1;
/** Leaf only: entries of live keys. */
export const NODE_LIVE = 2;
export const NODE_HEADER = 4;

const CHUNK_NODES_SHIFT = 9;
const CHUNK_NODES_MASK = (1 << CHUNK_NODES_SHIFT) - 1;

export interface PoolParts {
  readonly chunks: readonly ArrayBuffer[];
  readonly end: number;
  readonly freed: readonly number[];
}

export class NodePool {
  readonly nodeWords: number;
  readonly chunks: Int32Array[] = [];
  count = 0;
  private end = 0;
  private readonly freed: number[] = [];

  constructor(nodeWords: number) {
    this.nodeWords = nodeWords;
  }

  allocate(): number {
    this.count++;
    const node = this.freed.pop() ?? this.end++;
    if (node >> CHUNK_NODES_SHIFT === this.chunks.length) {
      this.chunks.push(new Int32Array(this.nodeWords << CHUNK_NODES_SHIFT));
    }
    const at = this.at(node);
    this.words(node).fill(0, at, at + NODE_HEADER);
    return node;
  }

  free(node: number): void {
    this.count--;
    this.freed.push(node);
  }

  dismantle(): PoolParts {
    return {
      chunks: this.chunks.map(({ buffer }) => buffer as ArrayBuffer),
      end: this.end,
      freed: this.freed,
    };
  }

  adopt({ chunks, end, freed }: PoolParts): void {
    this.chunks.length = 0;
    this.freed.length = 0;
    for (const chunk of chunks) this.chunks.push(new Int32Array(chunk));
    for (const node of freed) this.freed.push(node);
    this.end = end;
    this.count = end - freed.length;
  }

  words(node: number): Int32Array {
    return this.chunks[node >> CHUNK_NODES_SHIFT] as Int32Array;
  }

  at(node: number): number {
    return (node & CHUNK_NODES_MASK) * this.nodeWords;
  }
}
