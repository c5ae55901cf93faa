/**
 * Reads a whole log, from the segment that a snapshot names to the end, into what raft starts from. Only reads: opening for
 * append (`Wal.open`) repairs a torn end by what is found here.
 *
 * A later entry record takes the place of an earlier one with the same index and of everything after it, the last hard state
 * wins, and the first metadata record must be repeated unchanged by every segment.
 */

import { equalBytes } from "@etcd-ts/base";
import {
  type ConfState,
  decodeEntry,
  decodeHardState,
  EMPTY_HARD_STATE,
  type Entry,
  EntryType,
  type HardState,
} from "@etcd-ts/proto";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { RecordType } from "./record.ts";
import { type SegmentName, segmentPositionAt, segmentsAmong } from "./segment-name.ts";
import { SegmentReader } from "./segment-reader.ts";
import { WalError } from "./wal-error.ts";
import { decodeWalMetadata, decodeWalSnapshot, type WalMetadata, type WalSnapshot } from "./walpb.ts";

/** Where reading begins: the snapshot that the caller has, or `LOG_START`. */
export interface WalPosition {
  readonly index: number;
  readonly term: number;
}

export const LOG_START: WalPosition = { index: 0, term: 0 };

export interface WalContents {
  readonly metadata: WalMetadata;
  readonly hardState: HardState;
  /** From the index after the position on, without a gap. */
  readonly entries: Entry[];
  /** Of the snapshot record at the position; absent in logs of 3.4 and at the start. */
  readonly confState: ConfState | undefined;
}

/** What a writer must know to go on after the last record. */
export interface WalTail {
  readonly metadataRecord: Uint8Array;
  /** Data of the last state record; undefined when there is none. */
  readonly stateRecord: Uint8Array | undefined;
  readonly crc: number;
  readonly end: number;
  readonly isTorn: boolean;
  /** Index of the last entry or snapshot record. */
  readonly lastIndex: number;
}

/** The segments of a log, in order. */
export function listSegments(disk: Disk, directory: string): SegmentName[] {
  return segmentsAmong(disk.list(directory));
}

/** Whether a member has written a log here. */
export function walExists(disk: Disk, directory: string): boolean {
  return disk.isDirectory(directory) && disk.list(directory).some((name) => name.endsWith(".wal"));
}

/** The segments that hold what comes after `position`. */
export function segmentsFrom(disk: Disk, directory: string, position: WalPosition): SegmentName[] {
  const segments = listSegments(disk, directory);
  const first = segmentPositionAt(segments, position.index);
  if (first < 0) {
    throw new WalError(
      "missing",
      directory,
      undefined,
      `no segment holds what follows index ${position.index}`,
    );
  }
  const chosen = segments.slice(first);
  mustBeConsecutive(directory, chosen);
  return chosen;
}

function mustBeConsecutive(directory: string, segments: readonly SegmentName[]): void {
  for (let i = 1; i < segments.length; i++) {
    if (segments[i]!.sequence !== segments[i - 1]!.sequence + 1) {
      throw new WalError(
        "missing",
        directory,
        undefined,
        `no segment between ${segments[i - 1]!.name} and ${segments[i]!.name}`,
      );
    }
  }
}

/** The consecutive segments at the end: a gap before them was left by a purge. */
function lastRunOf(segments: readonly SegmentName[]): SegmentName[] {
  let first = segments.length - 1;
  while (first > 0 && segments[first - 1]!.sequence === segments[first]!.sequence - 1) first--;
  return segments.slice(Math.max(0, first));
}

/** For tools: takes no lock, changes nothing, and stops quietly at a torn end. */
export function readWal(disk: Disk, directory: string, position: WalPosition): WalContents {
  const log = new LogReader(directory, position);
  withFiles(disk, directory, segmentsFrom(disk, directory, position), (files) => log.readAll(files));
  return log.contents();
}

/** The snapshot records, in order, that a committed hard state covers. */
export function listWalSnapshots(disk: Disk, directory: string): WalSnapshot[] {
  const segments = lastRunOf(listSegments(disk, directory));
  const survey = new Survey();
  withFiles(disk, directory, segments, (files) => survey.readAll(files));
  return survey.upTo(survey.commit);
}

/**
 * The last of {@link listWalSnapshots}, found from the end of the log backwards: the last segment knows the commit, since every
 * segment but the first begins with the hard state of its time.
 */
export function newestWalSnapshot(disk: Disk, directory: string): WalSnapshot | undefined {
  const segments = lastRunOf(listSegments(disk, directory));
  let commit: number | undefined;
  for (let i = segments.length - 1; i >= 0; i--) {
    const survey = new Survey();
    withFiles(disk, directory, [segments[i]!], ([file]) =>
      survey.readSegment(file!, i === segments.length - 1),
    );
    commit ??= survey.commit;
    const newest = survey.upTo(commit).at(-1);
    if (newest !== undefined) return newest;
  }
  return undefined;
}

function withFiles(
  disk: Disk,
  directory: string,
  segments: readonly SegmentName[],
  use: (files: DiskFile[]) => void,
): void {
  const files: DiskFile[] = [];
  try {
    for (const segment of segments) files.push(disk.open(`${directory}/${segment.name}`, "read"));
    use(files);
  } finally {
    for (const file of files) file.close();
  }
}

type Visit = (reader: SegmentReader, file: DiskFile) => void;

/** Reads record after record, from segment to segment with the chain of checksums. */
function walk(files: readonly DiskFile[], visit: Visit): WalkEnd {
  let end: WalkEnd = { crc: 0, end: 0, isTorn: false };
  for (const [i, file] of files.entries()) end = walkSegment(file, end.crc, i === files.length - 1, visit);
  return end;
}

function walkSegment(file: DiskFile, crc: number, isLast: boolean, visit: Visit): WalkEnd {
  const reader = new SegmentReader(file, crc, isLast);
  let outcome = reader.next();
  for (; outcome === "record"; outcome = reader.next()) visitRecord(visit, reader, file);
  return { crc: reader.crc, end: reader.validEnd, isTorn: outcome === "torn" };
}

function visitRecord(visit: Visit, reader: SegmentReader, file: DiskFile): void {
  try {
    visit(reader, file);
  } catch (error) {
    if (error instanceof WalError) throw error;
    // The checksum was right and the message is not: the record's type, which no checksum covers, was changed.
    const reason = error instanceof Error ? error.message : String(error);
    throw new WalError("damaged", file.path, reader.recordStart, reason);
  }
}

interface WalkEnd {
  readonly crc: number;
  readonly end: number;
  readonly isTorn: boolean;
}

export class LogReader {
  readonly #directory: string;
  readonly #position: WalPosition;
  readonly #entries: Entry[] = [];
  #metadataRecord: Uint8Array | undefined;
  #stateRecord: Uint8Array | undefined;
  #hardState = EMPTY_HARD_STATE;
  /** The highest term seen: a hard state below it cannot have been written. */
  #term = 0;
  #lastIndex = 0;
  #snapshot: WalSnapshot | undefined;
  #end: WalkEnd | undefined;

  constructor(directory: string, position: WalPosition) {
    this.#directory = directory;
    this.#position = position;
  }

  /** `files` are consecutive segments, the first of them at or before the position. */
  readAll(files: readonly DiskFile[]): void {
    this.#end = walk(files, (reader, file) => this.#onRecord(reader, file));
    this.#mustBeWhole(files.at(-1)!);
  }

  contents(): WalContents {
    return {
      metadata: decodeWalMetadata(this.#metadataRecord!),
      hardState: this.#hardState,
      entries: this.#entries,
      confState: this.#snapshot?.confState,
    };
  }

  tail(): WalTail {
    return {
      ...this.#end!,
      metadataRecord: this.#metadataRecord!,
      stateRecord: this.#stateRecord,
      lastIndex: this.#lastIndex,
    };
  }

  #onRecord(reader: SegmentReader, file: DiskFile): void {
    switch (reader.type) {
      case RecordType.Entry:
        this.#onEntry(decodeEntry(reader.data()), reader, file);
        break;
      case RecordType.State:
        this.#onState(reader.data(), reader, file);
        break;
      case RecordType.Metadata:
        this.#onMetadata(reader.data(), reader, file);
        break;
      case RecordType.Snapshot:
        this.#onSnapshot(decodeWalSnapshot(reader.data()), reader, file);
        break;
      case RecordType.Crc:
        break;
    }
  }

  #onEntry(entry: Entry, reader: SegmentReader, file: DiskFile): void {
    if (entry.term === 0 || entry.index === 0 || entry.type > EntryType.ConfChangeV2) {
      throw new WalError("damaged", file.path, reader.recordStart, "an entry record holds no entry");
    }
    this.#term = Math.max(this.#term, entry.term);
    this.#lastIndex = entry.index;
    const position = entry.index - this.#position.index - 1;
    // An entry below the position says, too, that what followed it is gone; else an overwritten one would come back.
    if (position < 0) this.#entries.length = 0;
    if (position < 0) return;
    if (position > this.#entries.length) {
      const last = this.#position.index + this.#entries.length;
      throw new WalError(
        "damaged",
        file.path,
        reader.recordStart,
        `entry ${entry.index} follows entry ${last}`,
      );
    }
    this.#entries.length = position;
    this.#entries.push(entry);
  }

  #onState(data: Uint8Array, reader: SegmentReader, file: DiskFile): void {
    const state = decodeHardState(data);
    if (state.term < this.#term) {
      throw new WalError(
        "damaged",
        file.path,
        reader.recordStart,
        `the term falls from ${this.#term} to ${state.term}`,
      );
    }
    this.#term = state.term;
    this.#hardState = state;
    this.#stateRecord = data;
  }

  #onMetadata(data: Uint8Array, reader: SegmentReader, file: DiskFile): void {
    if (this.#metadataRecord === undefined) this.#metadataRecord = data;
    else if (!equalBytes(this.#metadataRecord, data)) {
      throw new WalError(
        "mismatch",
        file.path,
        reader.recordStart,
        "the metadata differs from that of the segment before",
      );
    }
  }

  #onSnapshot(snapshot: WalSnapshot, reader: SegmentReader, file: DiskFile): void {
    this.#lastIndex = Math.max(this.#lastIndex, snapshot.index);
    if (snapshot.index !== this.#position.index) return;
    if (snapshot.term !== this.#position.term) {
      const wanted = `index ${this.#position.index} has term ${this.#position.term}`;
      throw new WalError(
        "mismatch",
        file.path,
        reader.recordStart,
        `the snapshot at ${wanted}, here ${snapshot.term}`,
      );
    }
    this.#snapshot = snapshot;
  }

  #mustBeWhole(last: DiskFile): void {
    const { index } = this.#position;
    if (this.#metadataRecord === undefined) {
      throw new WalError("missing", this.#directory, undefined, "no metadata record");
    }
    if (this.#snapshot === undefined) {
      throw new WalError(
        "missing",
        this.#directory,
        undefined,
        `no record of the snapshot at index ${index}`,
      );
    }
    const lastIndex = index + this.#entries.length;
    if (this.#hardState.commit > Math.max(lastIndex, index)) {
      const reason = `entries end at ${lastIndex}, but ${this.#hardState.commit} is committed`;
      throw new WalError("damaged", last.path, this.#end!.end, reason);
    }
  }
}

/** Looks at snapshot records and hard states alone. */
class Survey {
  commit = 0;
  readonly #snapshots: WalSnapshot[] = [];

  readAll(files: readonly DiskFile[]): void {
    if (files.length > 0) walk(files, this.#onRecord);
  }

  readSegment(file: DiskFile, isLast: boolean): void {
    walkSegment(file, 0, isLast, this.#onRecord);
  }

  upTo(commit: number): WalSnapshot[] {
    return this.#snapshots.filter((snapshot) => snapshot.index <= commit);
  }

  readonly #onRecord = (reader: SegmentReader): void => {
    if (reader.type === RecordType.State) this.commit = decodeHardState(reader.data()).commit;
    else if (reader.type === RecordType.Snapshot) this.#snapshots.push(decodeWalSnapshot(reader.data()));
  };
}
