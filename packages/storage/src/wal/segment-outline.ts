/**
 * What a segment holds by the heads of its records, read without checking them: enough to find the newest snapshot record and to leave out what
 * lies before it, for a full segment is 64 MB and a start needs its end. Whoever uses an outline checks what it names when he loads it.
 */

import { decodeHardState } from "@etcd-ts/proto";
import type { DiskFile } from "../disk/disk.ts";
import type { LeftOut } from "./loaded-segment.ts";
import { RecordType } from "./record.ts";
import { SegmentReader } from "./segment-reader.ts";
import { decodeWalSnapshot, type WalSnapshot } from "./walpb.ts";

export interface SegmentOutline {
  /** By record: the index of an entry, 0 for other records. */
  readonly entryIndexes: readonly number[];
  /** Records at its beginning that say whose log it is. */
  readonly headRecords: number;
  readonly snapshots: readonly { readonly record: number; readonly snapshot: WalSnapshot }[];
  /** The last hard state; −1: there is none. */
  readonly stateRecord: number;
  readonly commit: number | undefined;
}

/** Undefined: something about it is not as it is written. */
export function outlineSegment(file: DiskFile, isLast: boolean): SegmentOutline | undefined {
  try {
    return outline(new SegmentReader(file, isLast));
  } catch {
    // Who loads it whole finds out what, and tells.
    return undefined;
  }
}

function outline(reader: SegmentReader): SegmentOutline | undefined {
  const entryIndexes: number[] = [];
  const snapshots: { record: number; snapshot: WalSnapshot }[] = [];
  let headRecords = 0;
  let stateRecord = -1;
  let commit: number | undefined;
  let outcome = reader.skip();
  for (; outcome === "record"; outcome = reader.skip()) {
    const record = entryIndexes.length;
    let index = 0;
    if (reader.type === RecordType.Entry) {
      index = reader.entryIndex();
      if (index === 0) return undefined;
    } else if (reader.type === RecordType.State) {
      stateRecord = record;
      commit = decodeHardState(reader.data()).commit;
    } else if (reader.type === RecordType.Snapshot) {
      snapshots.push({ record, snapshot: decodeWalSnapshot(reader.data()) });
    } else if (record === headRecords) headRecords++;
    entryIndexes.push(index);
  }
  return outcome === "torn" ? undefined : { entryIndexes, headRecords, snapshots, stateRecord, commit };
}

/**
 * What a start from the snapshot does without in the segment that holds what follows it: everything between its head and the last entry that the
 * snapshot covers, but neither the snapshot's record nor the last hard state.
 */
export function beforeSnapshot(outline: SegmentOutline, { index }: WalSnapshot): LeftOut | undefined {
  const { entryIndexes, headRecords, snapshots, stateRecord } = outline;
  let end = entryIndexes.findLastIndex((entry) => entry !== 0 && entry <= index);
  if (stateRecord >= 0) end = Math.min(end, stateRecord);
  for (const { record, snapshot } of snapshots) if (snapshot.index === index) end = Math.min(end, record);
  return headRecords > 0 && end > headRecords ? { first: headRecords, end } : undefined;
}
