/**
 * Reads a whole log, from the segment that a snapshot names to the end, into what raft starts from. Only reads: opening for
 * append (`Wal.open`) repairs a torn end by what is found here.
 *
 * A later entry record takes the place of an earlier one with the same index and of everything after it, the last hard state
 * wins, and the first metadata record must be repeated unchanged by every segment.
 */

import { assert, equalBytes } from "@etcd-ts/base";
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
import { type LeftOut, type LoadedSegment, loadSegment, mustFollow, visitRecords } from "./loaded-segment.ts";
import { RecordType } from "./record.ts";
import { type SegmentName, segmentPositionAt, segmentsAmong } from "./segment-name.ts";
import { beforeSnapshot, outlineSegment, type SegmentOutline } from "./segment-outline.ts";
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
  const chosen = segments.slice(mustHold(directory, segments, position));
  mustBeConsecutive(directory, chosen);
  return chosen;
}

/** Position of the first segment that matters. */
function mustHold(directory: string, segments: readonly SegmentName[], { index }: WalPosition): number {
  const first = segmentPositionAt(segments, index);
  if (first >= 0) return first;
  throw new WalError("missing", directory, undefined, `no segment holds what follows index ${index}`);
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
export function lastRunOf(segments: readonly SegmentName[]): SegmentName[] {
  let first = segments.length - 1;
  while (first > 0 && segments[first - 1]!.sequence === segments[first]!.sequence - 1) first--;
  return segments.slice(Math.max(0, first));
}

/** For tools: takes no lock, changes nothing, and stops quietly at a torn end. */
export function readWal(disk: Disk, directory: string, position: WalPosition): WalContents {
  const segments = segmentsFrom(disk, directory, position);
  const log = new LogReader(directory, position);
  log.readAll(withFiles(disk, directory, segments, loadAll));
  return log.contents();
}

/** The snapshot records, in order, that a committed hard state covers. */
export function listWalSnapshots(disk: Disk, directory: string): WalSnapshot[] {
  const loaded = withFiles(disk, directory, lastRunOf(listSegments(disk, directory)), loadAll);
  const commit = loaded.map(commitOf).findLast((known) => known !== undefined) ?? 0;
  return loaded.flatMap((segment) => snapshotsOf(segment, commit));
}

/** The last of {@link listWalSnapshots}; reads from the end of the log backwards only as far as it must. */
export function newestWalSnapshot(disk: Disk, directory: string): WalSnapshot | undefined {
  const segments = lastRunOf(listSegments(disk, directory));
  return withFiles(disk, directory, segments, (files) => loadToSnapshot(files).snapshot);
}

/** Loads segments from the last one backwards until there is a valid snapshot record. */
function loadToSnapshot(files: readonly DiskFile[]): {
  snapshot: WalSnapshot | undefined;
  loaded: LoadedSegment[];
} {
  const loaded: LoadedSegment[] = [];
  // The last segment knows the commit: every one but the first begins with the hard state of its time.
  let commit: number | undefined;
  while (loaded.length < files.length) {
    loadBefore(loaded, files);
    commit ??= commitOf(loaded[0]!);
    const snapshot = snapshotsOf(loaded[0]!, commit ?? 0).at(-1);
    if (snapshot !== undefined) return { snapshot, loaded };
  }
  return { snapshot: undefined, loaded };
}

/** What follows a position, read: the segments that hold it, each loaded once. */
export interface LoadedLog {
  readonly position: WalPosition;
  /** How many of the segments given lie wholly before the position. */
  readonly skipped: number;
  readonly loaded: readonly LoadedSegment[];
}

/** Loads what follows the newest valid snapshot record. */
export function loadNewest(
  directory: string,
  segments: readonly SegmentName[],
  files: readonly DiskFile[],
): LoadedLog {
  return loadByOutlines(directory, segments, files) ?? loadWhole(directory, segments, files);
}

/** The same, with less to read and to check; undefined: the log has to be looked at more closely. */
function loadByOutlines(
  directory: string,
  segments: readonly SegmentName[],
  files: readonly DiskFile[],
): LoadedLog | undefined {
  const outlines: SegmentOutline[] = [];
  let commit: number | undefined;
  let position: WalSnapshot | undefined;
  while (position === undefined && outlines.length < files.length) {
    const outline = outlineBefore(outlines, files);
    if (outline === undefined) return undefined;
    commit ??= outline.commit;
    position = outline.snapshots.findLast(({ snapshot }) => snapshot.index <= (commit ?? 0))?.snapshot;
  }
  if (position === undefined) return undefined;
  const skipped = mustHold(directory, segments, position);
  while (outlines.length < files.length - skipped) {
    if (outlineBefore(outlines, files) === undefined) return undefined;
  }
  const leftOut = beforeSnapshot(outlines[outlines.length - (files.length - skipped)]!, position);
  const loaded: LoadedSegment[] = [];
  while (loaded.length < files.length - skipped) {
    const isFirst = loaded.length + 1 === files.length - skipped;
    loadBefore(loaded, files, isFirst ? leftOut : undefined);
  }
  return loaded.at(-1)!.isTorn ? undefined : { position, skipped, loaded };
}

/** Puts the outline of the segment before the ones that are known in front of them. */
function outlineBefore(outlines: SegmentOutline[], files: readonly DiskFile[]): SegmentOutline | undefined {
  const outline = outlineSegment(files[files.length - 1 - outlines.length]!, outlines.length === 0);
  if (outline !== undefined) outlines.unshift(outline);
  return outline;
}

function loadWhole(
  directory: string,
  segments: readonly SegmentName[],
  files: readonly DiskFile[],
): LoadedLog {
  const { snapshot, loaded } = loadToSnapshot(files);
  const position = snapshot ?? LOG_START;
  const skipped = mustHold(directory, segments, position);
  while (loaded.length < files.length - skipped) loadBefore(loaded, files);
  return { position, skipped, loaded: loaded.slice(skipped - files.length) };
}

/** Puts the segment before the ones that are loaded in front of them. */
function loadBefore(loaded: LoadedSegment[], files: readonly DiskFile[], leftOut?: LeftOut): void {
  const file = files[files.length - 1 - loaded.length];
  assert(file !== undefined, "there is a segment before the loaded ones");
  const segment = loadSegment(file, loaded.length === 0, leftOut);
  if (loaded.length > 0) mustFollow(loaded[0]!, segment);
  loaded.unshift(segment);
}

export function loadAll(files: readonly DiskFile[]): LoadedSegment[] {
  const loaded: LoadedSegment[] = [];
  while (loaded.length < files.length) loadBefore(loaded, files);
  return loaded;
}

function commitOf(segment: LoadedSegment): number | undefined {
  let commit: number | undefined;
  visitRecords(segment, (type, data) => {
    if (type === RecordType.State) commit = decodeHardState(data).commit;
  });
  return commit;
}

function snapshotsOf(segment: LoadedSegment, commit: number): WalSnapshot[] {
  const snapshots: WalSnapshot[] = [];
  visitRecords(segment, (type, data) => {
    if (type === RecordType.Snapshot) snapshots.push(decodeWalSnapshot(data));
  });
  return snapshots.filter((snapshot) => snapshot.index <= commit);
}

function withFiles<T>(
  disk: Disk,
  directory: string,
  segments: readonly SegmentName[],
  use: (files: DiskFile[]) => T,
): T {
  const files: DiskFile[] = [];
  try {
    for (const segment of segments) files.push(disk.open(`${directory}/${segment.name}`, "read"));
    return use(files);
  } finally {
    for (const file of files) file.close();
  }
}

type Fail = (reason: string) => never;

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
  #end: LoadedSegment | undefined;

  constructor(directory: string, position: WalPosition) {
    this.#directory = directory;
    this.#position = position;
  }

  /** Consecutive segments, the first of them at or before the position. */
  readAll(segments: readonly LoadedSegment[]): void {
    for (const segment of segments) visitRecords(segment, this.#onRecord);
    this.#end = segments.at(-1)!;
    this.#mustBeWhole(this.#end);
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
    const { crc, end, isTorn } = this.#end!;
    return {
      crc,
      end,
      isTorn,
      metadataRecord: this.#metadataRecord!,
      stateRecord: this.#stateRecord,
      lastIndex: this.#lastIndex,
    };
  }

  readonly #onRecord = (type: RecordType, data: Uint8Array, fail: Fail): void => {
    switch (type) {
      case RecordType.Entry:
        this.#onEntry(decodeEntry(data), fail);
        break;
      case RecordType.State:
        this.#onState(data, fail);
        break;
      case RecordType.Metadata:
        this.#onMetadata(data, fail);
        break;
      case RecordType.Snapshot:
        this.#onSnapshot(decodeWalSnapshot(data), fail);
        break;
      case RecordType.Crc:
        break;
    }
  };

  #onEntry(entry: Entry, fail: Fail): void {
    if (entry.term === 0 || entry.index === 0 || entry.type > EntryType.ConfChangeV2) {
      fail("an entry record holds no entry");
    }
    this.#term = Math.max(this.#term, entry.term);
    this.#lastIndex = entry.index;
    const position = entry.index - this.#position.index - 1;
    // An entry below the position says, too, that what followed it is gone; else an overwritten one would come back.
    if (position < 0) this.#entries.length = 0;
    if (position < 0) return;
    if (position > this.#entries.length) {
      fail(`entry ${entry.index} follows entry ${this.#position.index + this.#entries.length}`);
    }
    this.#entries.length = position;
    this.#entries.push(entry);
  }

  #onState(data: Uint8Array, fail: Fail): void {
    const state = decodeHardState(data);
    if (state.term < this.#term) fail(`the term falls from ${this.#term} to ${state.term}`);
    this.#term = state.term;
    this.#hardState = state;
    this.#stateRecord = data;
  }

  #onMetadata(data: Uint8Array, fail: Fail): void {
    if (this.#metadataRecord === undefined) this.#metadataRecord = data;
    else if (!equalBytes(this.#metadataRecord, data))
      fail("the metadata differs from that of the segment before");
  }

  #onSnapshot(snapshot: WalSnapshot, fail: Fail): void {
    this.#lastIndex = Math.max(this.#lastIndex, snapshot.index);
    const { index, term } = this.#position;
    if (snapshot.index !== index) return;
    if (snapshot.term !== term)
      fail(`the snapshot at index ${index} has term ${term}, here ${snapshot.term}`);
    this.#snapshot = snapshot;
  }

  #mustBeWhole(last: LoadedSegment): void {
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
    if (this.#hardState.commit > lastIndex) {
      const reason = `entries end at ${lastIndex}, but ${this.#hardState.commit} is committed`;
      throw new WalError("damaged", last.path, last.end, reason);
    }
  }
}
