/**
 * Reads bucket `key` of a committed tree from its first record, or from a later one, to its last into chunks for the loop, which builds its index of
 * them at the start.
 */

import { utf8Bytes } from "@etcd-ts/base";
import { DatabaseError, describePage } from "../bbolt/index.ts";
import { pageId } from "../bbolt/page-layout.ts";
import type { CommittedRoot } from "./backend-types.ts";
import type { NodeFile } from "./node-file.ts";
import type { RecordChunk } from "./record-chunk.ts";
import { recordKeyFault, recordMain, recordMinor } from "./record-key.ts";
import { TreeWalk } from "./tree-walk.ts";

export class RecordLoader {
  private readonly walk: TreeWalk;
  private readonly path: string;
  private readonly pageBytes: number;
  /** The walk stands on an element that is not in a chunk yet. */
  private standing: boolean;
  private node: Uint8Array | undefined;
  private nodeAt = 0;

  /** `from`: a record's key; the records before it are left out. */
  constructor(file: NodeFile, root: CommittedRoot, from?: Uint8Array) {
    this.path = file.file.path;
    this.pageBytes = file.pageBytes;
    this.walk = new TreeWalk(file, root);
    this.standing = this.walk.enter(utf8Bytes("key"), from) && this.walk.step();
  }

  /** There is nothing more to read. */
  get isDone(): boolean {
    return !this.standing;
  }

  /** Bytes of the leaf that comes next: a chunk has to hold it whole. */
  get nodeBytes(): number {
    return this.standing ? this.walk.cursor.node.length : 0;
  }

  /** Fills the chunk, which can hold {@link nodeBytes}. */
  fill(chunk: RecordChunk): void {
    chunk.clear();
    this.node = undefined;
    while (this.standing && !chunk.isFull && this.takeNode(chunk)) {
      this.addRecord(chunk);
      this.standing = this.walk.step();
    }
  }

  /** The leaf under the cursor is in the chunk; false when it does not fit. */
  private takeNode(chunk: RecordChunk): boolean {
    const { node } = this.walk.cursor;
    if (node === this.node) return true;
    if (!chunk.fitsNode(node.length)) return false;
    this.nodeAt = chunk.addNode(node);
    this.node = node;
    return true;
  }

  private addRecord(chunk: RecordChunk): void {
    const { node, keyStart, keyEnd, valueEnd } = this.walk.cursor;
    const fault = recordKeyFault(node, keyStart, keyEnd);
    if (fault !== undefined) {
      const page = describePage(pageId(node), this.pageBytes);
      throw new DatabaseError(
        `${this.path}: ${page}: bucket "key" holds a key that is no revision: ${fault}`,
      );
    }
    const main = recordMain(node, keyStart);
    const minor = recordMinor(node, keyStart, keyEnd - keyStart);
    chunk.addRecord(main, minor, this.nodeAt + keyEnd, this.nodeAt + valueEnd);
  }
}
