/**
 * Nodes that the writer is likely to need again: the branches, and the last leaf of whatever it wrote. Bounded in bytes, the
 * least recently used goes first. A node is dropped when its first page is written anew.
 */
export class NodeCache {
  bytes = 0;
  private readonly bytesMax: number;
  /** In order of use. */
  private readonly nodes = new Map<number, Uint8Array>();

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get(page: number): Uint8Array | undefined {
    const node = this.nodes.get(page);
    if (node !== undefined) {
      this.nodes.delete(page);
      this.nodes.set(page, node);
    }
    return node;
  }

  put(page: number, node: Uint8Array): void {
    if (node.length > this.bytesMax / 8) return;
    this.drop(page);
    this.nodes.set(page, node);
    this.bytes += node.length;
    for (const [oldest, old] of this.nodes) {
      if (this.bytes <= this.bytesMax) return;
      this.nodes.delete(oldest);
      this.bytes -= old.length;
    }
  }

  drop(page: number): void {
    const node = this.nodes.get(page);
    if (node === undefined) return;
    this.nodes.delete(page);
    this.bytes -= node.length;
  }
}
