/**
 * A snapshot: the database's pages as one committed root sees them, in order, a piece at a time. Both meta pages are made of
 * that root, so that the file is whole whatever is committed meanwhile; free pages are sent as they are.
 */

import { assert } from "@etcd-ts/base";
import { encodeMeta, type Meta } from "../bbolt/index.ts";
import type { CommittedRoot } from "./backend-types.ts";
import type { NodeFile } from "./node-file.ts";

export class PageStream {
  /** Length of the whole stream. */
  readonly bytes: number;
  /** Bytes given out. */
  position = 0;
  private readonly file: NodeFile;
  private readonly meta: Meta;

  constructor(file: NodeFile, root: CommittedRoot) {
    const { root: rootPage, transaction, highWaterMark } = root;
    const { pageBytes } = file;
    this.file = file;
    this.bytes = highWaterMark * pageBytes;
    this.meta = {
      pageBytes,
      root: rootPage,
      sequence: 0,
      freeList: undefined,
      highWaterMark,
      transaction,
    };
  }

  /** The next piece, `bytesMax` bytes or what is left; empty at the end. */
  next(bytesMax: number): Uint8Array<ArrayBuffer> {
    const { pageBytes, highWaterMark } = this.meta;
    const piece = new Uint8Array(Math.min(bytesMax, this.bytes - this.position));
    assert(highWaterMark >= 2, "a database has two meta pages");
    const read = this.file.file.read(piece, 0, piece.length, this.position);
    assert(read === piece.length, "the database is shorter than its high-water mark");
    for (const page of [0, 1] as const) this.placeMeta(piece, page, pageBytes);
    this.position += piece.length;
    return piece;
  }

  /** Writes the part of a meta page that lies in the piece. */
  private placeMeta(piece: Uint8Array, page: 0 | 1, pageBytes: number): void {
    const from = Math.max(this.position, page * pageBytes);
    const to = Math.min(this.position + piece.length, (page + 1) * pageBytes);
    if (from >= to) return;
    const image = new Uint8Array(pageBytes);
    encodeMeta(image, 0, page, { ...this.meta, transaction: this.meta.transaction - page });
    piece.set(image.subarray(from - page * pageBytes, to - page * pageBytes), from - this.position);
  }
}
