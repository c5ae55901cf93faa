/**
 * The hash that members compare (`HashKV`): CRC-32C over the name of bucket `key`, then key and stored value of each record at or
 * below a revision, in order. Permanent: the original's members compute the same (`disk-formats.md` 5.5).
 *
 * Left out are records at or below the compacted revision that a compaction at the hashed revision drops (unless that keeps no
 * record at all: then none is left out), and a tombstone exactly at the compacted revision.
 */

import { crc32cUpdate, utf8Bytes } from "@etcd-ts/base";
import { writeRevisionKey } from "./key-value.ts";

const BUCKET_NAME = utf8Bytes("key");
const scratch = new Uint8Array(18);

export class RevisionHash {
  private crc = crc32cUpdate(0, BUCKET_NAME);
  private readonly compactRevision: number;
  private readonly keepsNothing: boolean;

  /** `keepsNothing`: a compaction at the hashed revision would keep no record. */
  constructor(compactRevision: number, keepsNothing: boolean) {
    this.compactRevision = compactRevision;
    this.keepsNothing = keepsNothing;
  }

  get value(): number {
    return this.crc;
  }

  /** Whether {@link add} must be told if the record is kept. */
  asksForKept(main: number): boolean {
    return main <= this.compactRevision && !this.keepsNothing;
  }

  add(
    main: number,
    sub: number,
    tombstone: boolean,
    isKept: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (this.asksForKept(main) && !isKept) return;
    if (tombstone && main === this.compactRevision) return;
    const keyLength = writeRevisionKey(scratch, main, sub, tombstone);
    this.crc = crc32cUpdate(this.crc, scratch, 0, keyLength);
    this.crc = crc32cUpdate(this.crc, bytes, start, end);
  }
}
