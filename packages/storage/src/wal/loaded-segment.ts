/**
 * One segment, read and checked by itself: its records in order, and the two ends of the chain of checksums, by which it fits
 * between its neighbours. So a segment is read once, whichever end of the log one begins at. Records that nobody needs may be left out between
 * its head and its end: they are not checked, but what follows them is, for each record tells the checksum up to it.
 */

import type { DiskFile } from "../disk/disk.ts";
import type { RecordType } from "./record.ts";
import { SegmentReader } from "./segment-reader.ts";
import { WalError } from "./wal-error.ts";

export interface LoadedSegment {
  readonly path: string;
  /** Type, offset and data of each record. The data are views of what was read. */
  readonly types: readonly RecordType[];
  readonly offsets: readonly number[];
  readonly data: readonly Uint8Array[];
  /** Checksum of all data before this segment, as its first record has it, and with it. */
  readonly crcBefore: number;
  readonly crc: number;
  /** End of the last good record. */
  readonly end: number;
  readonly isTorn: boolean;
}

/** Numbers of the records that are left out; the one behind them is there. */
export interface LeftOut {
  readonly first: number;
  readonly end: number;
}

export function loadSegment(file: DiskFile, isLast: boolean, leftOut?: LeftOut): LoadedSegment {
  const reader = new SegmentReader(file, isLast);
  const types: RecordType[] = [];
  const offsets: number[] = [];
  const data: Uint8Array[] = [];
  let outcome = reader.next();
  const crcBefore = reader.crc;
  for (; outcome === "record"; outcome = reader.next()) {
    types.push(reader.type);
    offsets.push(reader.recordStart);
    data.push(reader.data());
    if (types.length === leftOut?.first)
      for (let record = leftOut.first; record < leftOut.end; record++) reader.skip();
  }
  const { crc, validEnd: end } = reader;
  return { path: file.path, types, offsets, data, crcBefore, crc, end, isTorn: outcome === "torn" };
}

/** A segment without records says nothing of what was before it. */
export function mustFollow(segment: LoadedSegment, previous: LoadedSegment): void {
  if (segment.types.length > 0 && segment.crcBefore !== previous.crc) {
    throw new WalError("damaged", segment.path, 0, "crc mismatch with the segment before");
  }
}

/** Shows each record to `visit`; what it throws becomes a `WalError` of that record. */
export function visitRecords(
  segment: LoadedSegment,
  visit: (type: RecordType, data: Uint8Array, fail: (reason: string) => never) => void,
): void {
  let record = 0;
  const fail = (reason: string): never => {
    throw new WalError("damaged", segment.path, segment.offsets[record], reason);
  };
  try {
    for (; record < segment.types.length; record++)
      visit(segment.types[record]!, segment.data[record]!, fail);
  } catch (error) {
    if (error instanceof WalError) throw error;
    // The checksum was right and the message is not: the record's type, which no checksum covers, was changed.
    fail(error instanceof Error ? error.message : String(error));
  }
}
