/** The records of bucket `key` as they are on the disk after the run: what really happened. */

import { keyString, utf8String } from "@etcd-ts/base";
import { decodeKeyValue } from "@etcd-ts/proto";
import { type FaultyDisk, InlineStorage, RecordChunk, RecordLoader } from "@etcd-ts/storage";

export interface StoredRecord {
  readonly main: number;
  readonly sub: number;
  readonly key: string;
  /** Undefined: a tombstone. */
  readonly value: string | undefined;
}

/** All records, ascending by revision. The member must be down. */
export function readRecords(disk: FaultyDisk, path: string): StoredRecord[] {
  const storage = InlineStorage.open(disk, path, { sync: true })!;
  const records: StoredRecord[] = [];
  const loader = new RecordLoader(storage.reader, storage.opened);
  const chunk = new RecordChunk();
  while (!loader.isDone) {
    loader.fill(chunk);
    chunk.visit((main, sub, tombstone, bytes, start, end) => {
      const pair = decodeKeyValue(bytes, start, end);
      records.push({
        main,
        sub,
        key: keyString(pair.key),
        value: tombstone ? undefined : utf8String(pair.value),
      });
      return true;
    });
  }
  storage.close();
  return records;
}
