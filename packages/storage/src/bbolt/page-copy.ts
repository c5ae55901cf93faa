/**
 * A hot copy: the pages of one committed transaction as a stream of bytes, from beginning to end. Both meta pages are that
 * transaction's (the other one with its number less one), the rest is the file as it is. Free pages among them may be torn by
 * commits that go on beside: nobody reads them. The pages of the transaction must not be overwritten meanwhile.
 */

import type { DiskFile } from "../disk/disk.ts";
import { DatabaseError } from "./database-error.ts";
import { encodeMeta, type Meta } from "./meta-page.ts";

export class PageCopy {
  /** Length of the copy. */
  readonly bytes: number;
  /** Bytes given out so far. */
  position = 0;
  private readonly file: DiskFile;
  private readonly metaPages: Uint8Array;

  constructor(file: DiskFile, meta: Meta) {
    const { pageBytes, transaction } = meta;
    const whole = { ...meta, freeList: undefined };
    this.file = file;
    this.bytes = meta.highWaterMark * pageBytes;
    this.metaPages = new Uint8Array(2 * pageBytes);
    encodeMeta(this.metaPages, 0, 0, whole);
    encodeMeta(this.metaPages, pageBytes, 1, { ...whole, transaction: Math.max(0, transaction - 1) });
  }

  /** Fills `target` with what follows; returns how many bytes, 0 at the end. */
  read(target: Uint8Array): number {
    const { metaPages, position } = this;
    if (position < metaPages.length) {
      const part = metaPages.subarray(position, position + target.length);
      target.set(part);
      this.position += part.length;
      return part.length;
    }
    const wanted = Math.min(target.length, this.bytes - position);
    if (wanted === 0) return 0;
    const read = this.file.read(target, 0, wanted, position);
    if (read !== wanted)
      throw new DatabaseError(`${this.file.path} ends at ${position + read}, in use up to ${this.bytes}`);
    this.position += read;
    return read;
  }
}
