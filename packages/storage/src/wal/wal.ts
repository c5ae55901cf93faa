/**
 * The write-ahead log of one member, for append: segments of 64,000,000 bytes in one folder, of which the last one grows.
 *
 *     append(batch)*   frames the records, continues the chain of checksums, writes
 *     flush()          makes what was appended durable; only then may anything depend on it
 *     prepare()        between batches: cuts a full segment, fills what is ahead with zeros, a bounded piece a call
 *
 * Node has no `fallocate`; a write into blocks that are there already syncs in two thirds of the time, and a full disk shows
 * while filling and not under a write. So zeros are written ahead of the tail, and then into a spare segment `0.tmp`, as fast
 * as the tail grows, or faster when there is nothing else to do.
 *
 * Invariants:
 * - a record is never reported durable before its bytes, its segment's name and all before it are;
 * - everything behind the tail reads as zero, so the length field there ends the log;
 * - a snapshot record is never durable above the commit of the hard state: readers would ignore it, and miss what was released;
 * - after a failure nothing is retried: the log refuses all further calls.
 *
 * Not responsible for: what the records mean, threads, deciding when to release.
 */

import { assert } from "@etcd-ts/base";
import { decodeEntry, decodeHardState, EMPTY_HARD_STATE, type HardState } from "@etcd-ts/proto";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { parentOf } from "../disk/path.ts";
import { chainCrc, RecordType, recordSizeMax, writeRecord } from "./record.ts";
import { createSegment, openLocked, reopen, setAside, type WalRepair, zeros } from "./segment-file.ts";
import { type SegmentName, segmentName } from "./segment-name.ts";
import { BATCH_RECORD_HEADER_BYTES, type WalBatch } from "./wal-batch.ts";
import {
  type LoadedLog,
  LogReader,
  lastRunOf,
  listSegments,
  loadAll,
  loadNewest,
  segmentsFrom,
  type WalContents,
  type WalPosition,
} from "./wal-reader.ts";
import { DEFAULT_WAL_OPTIONS, emptyState, type WalOptions, type WalState } from "./wal-state.ts";
import { decodeWalSnapshot, encodeWalSnapshot, type WalMetadata } from "./walpb.ts";

export interface OpenedWal {
  readonly wal: Wal;
  /** Where reading began. */
  readonly position: WalPosition;
  readonly contents: WalContents;
  readonly repair: WalRepair | undefined;
}

/** Looks at a log that is going to be opened. */
export type InspectLog = (contents: WalContents, position: WalPosition) => void;

const SPARE_NAME = "0.tmp";
/** What is framed is written when it fills the buffer, which grows up to a limit. */
const BUFFER_BYTES_MIN = 65_536;
const BUFFER_BYTES_MAX = 1_048_576;
const ALIGNMENT_BYTES = 4096;
/** Pieces of zeros that an idle log keeps ahead of its tail. */
const PIECES_AHEAD = 16;
const NOTHING = new Uint8Array(0);
const TEMPORARY = /^[0-9]+\.tmp$/;

export class Wal {
  readonly directory: string;
  readonly #disk: Disk;
  readonly #options: Required<WalOptions>;
  /** Segments that are open and locked, the growing one last. */
  readonly #segments: SegmentName[];
  readonly #files: DiskFile[];
  readonly #metadataRecord: Uint8Array;
  #stateRecord: Uint8Array | undefined;
  #state: HardState;
  /** Of the last entry or snapshot record: the next segment is named by it. */
  #lastIndex: number;
  /** Of the last snapshot record. */
  #snapshotIndex = 0;
  /** Checksum of all data framed so far. */
  #crc: number;
  /** Where the growing segment ends, what is in the buffer not counted. */
  #end: number;
  /** What is framed and not yet written. */
  #buffer = NOTHING;
  #buffered = 0;
  #needsSync = false;
  /** The growing segment has written blocks up to here. */
  #filledEnd: number;
  #spare: DiskFile | undefined;
  #spareFilledEnd = 0;
  #failed = false;

  constructor(disk: Disk, state: WalState, files: DiskFile[]) {
    assert(
      files.length === state.segments.length && files.length > 0,
      "every segment of an open log is open",
    );
    this.directory = state.directory;
    this.#disk = disk;
    this.#options = state.options;
    this.#segments = [...state.segments];
    this.#files = files;
    this.#metadataRecord = state.metadataRecord;
    this.#stateRecord = state.stateRecord;
    this.#state = state.stateRecord === undefined ? EMPTY_HARD_STATE : decodeHardState(state.stateRecord);
    this.#lastIndex = state.lastIndex;
    this.#crc = state.crc;
    this.#end = state.end;
    this.#filledEnd = state.filledEnd;
  }

  /**
   * Makes a new log, with `first` in it, under a temporary name and renames it into place: a crash leaves either no log or a
   * whole one.
   */
  static create(
    disk: Disk,
    directory: string,
    metadata: WalMetadata,
    options: WalOptions,
    first?: WalBatch,
  ): Wal {
    const chosen = { ...DEFAULT_WAL_OPTIONS, ...options };
    const temporary = `${directory}.tmp`;
    disk.removeTree(temporary);
    disk.makeDirectory(temporary);
    const name = segmentName(0, 0);
    const building = new Wal(disk, emptyState(temporary, chosen, name, metadata), [
      createSegment(disk, `${temporary}/${name.name}`, chosen.segmentSizeBytes),
    ]);
    building.#frameHead();
    building.#frame(RecordType.Snapshot, encodeWalSnapshot({ index: 0, term: 0, confState: undefined }));
    if (first !== undefined) building.append(first.bytes, first.length);
    building.#needsSync = true;
    building.flush();
    disk.syncDirectory(temporary);
    disk.removeTree(directory);
    disk.rename(temporary, directory);
    disk.syncDirectory(parentOf(directory));
    return building.#movedTo(directory);
  }

  /**
   * Opens the log for append and reads what follows `position`, or follows its newest valid snapshot record. Every segment is
   * locked before it is read; `locked` are files of this log that the caller has locked already, and that belong to the log
   * from now on. `inspect` is told what was read before anything is changed, and may throw.
   */
  static open(
    disk: Disk,
    directory: string,
    position: WalPosition | "newest",
    options: WalOptions = {},
    locked: ReadonlyMap<string, DiskFile> = new Map(),
    inspect: InspectLog = () => {},
  ): OpenedWal {
    const unused = new Map(locked);
    const files: DiskFile[] = [];
    try {
      const isNewest = position === "newest";
      const segments = isNewest
        ? lastRunOf(listSegments(disk, directory))
        : segmentsFrom(disk, directory, position);
      for (const { name } of segments) {
        files.push(unused.get(name) ?? openLocked(disk, `${directory}/${name}`));
        unused.delete(name);
      }
      const log = isNewest
        ? loadNewest(directory, segments, files)
        : { position, skipped: 0, loaded: loadAll(files) };
      for (const file of files.splice(0, log.skipped)) file.close();
      return openForAppend(
        disk,
        directory,
        log,
        { ...DEFAULT_WAL_OPTIONS, ...options },
        segments.slice(log.skipped),
        files,
        inspect,
      );
    } catch (error) {
      for (const file of files) file.close();
      throw error;
    } finally {
      for (const file of unused.values()) file.close();
    }
  }

  /** Where the growing segment ends, in bytes. */
  get end(): number {
    return this.#end;
  }

  /** Names of the segments that are locked, oldest first. */
  segmentNames(): string[] {
    return this.#segments.map((segment) => segment.name);
  }

  /** Frames the records of an encoded batch behind what is there; durable after `flush`. */
  append(batch: Uint8Array, length: number): void {
    assert(!this.#failed, "a log that failed is not written");
    let position = 0;
    let lastEntry = -1;
    while (position < length) {
      const start = position + BATCH_RECORD_HEADER_BYTES;
      const end = start + lengthAt(batch, position + 1);
      assert(end <= length, "a batch ends with a record");
      const type = batch[position];
      if (type === RecordType.Entry) {
        lastEntry = position;
        this.#needsSync = true;
        this.#frameRange(type, batch, start, end);
      } else this.#appendRare(type, batch.slice(start, end));
      position = end;
    }
    if (lastEntry >= 0) this.#noteEntry(batch, lastEntry);
    assert(this.#snapshotIndex <= this.#state.commit, "a snapshot record does not lie above the commit");
  }

  /**
   * Writes what was appended, and syncs it when it holds more than a new commit index. `onWritten` hears when only the sync is
   * left, if there is one.
   */
  flush(onWritten?: () => void): void {
    assert(!this.#failed, "a log that failed is not written");
    this.#failed = true;
    this.#write();
    if (this.#needsSync) {
      onWritten?.();
      this.#sync(this.#files.at(-1)!);
    }
    this.#needsSync = false;
    this.#failed = false;
  }

  /**
   * One bounded piece of the work between batches; true when there is another. Cuts a full segment at once; of the zeros only
   * those that are due now, or more when the caller is `idle`.
   */
  prepare(idle: boolean): boolean {
    assert(!this.#failed && this.#buffered === 0, "a log is prepared between batches");
    this.#failed = true;
    if (this.#end >= this.#options.segmentSizeBytes) this.#cut();
    const more = this.#fill(idle);
    this.#failed = false;
    return more;
  }

  /**
   * A snapshot at `index` is durable, in this log too: unlocks the segments that only hold what came before it, and removes the
   * oldest files beyond the number that is kept.
   */
  release(index: number): void {
    assert(!this.#failed, "a log that failed is not written");
    this.#failed = true;
    let needed = 0;
    while (needed + 1 < this.#segments.length && this.#segments[needed + 1]!.index < index) needed++;
    for (const file of this.#files.splice(0, needed)) file.close();
    this.#segments.splice(0, needed);
    this.#purge();
    this.#failed = false;
  }

  close(): void {
    if (!this.#failed) this.flush();
    if (this.#spare !== undefined) {
      this.#spare.close();
      this.#disk.remove(`${this.directory}/${SPARE_NAME}`);
      this.#spare = undefined;
    }
    for (const file of this.#files) file.close();
    this.#files.length = 0;
    this.#failed = true;
  }

  /** Gives up the log, to go on elsewhere with its state and files; only right after `create` or `open`. */
  detach(): { state: WalState; files: readonly DiskFile[] } {
    assert(
      !this.#failed && this.#buffered === 0 && this.#spare === undefined,
      "a log is detached before it is used",
    );
    this.#failed = true;
    return { state: this.#stateNow(this.directory), files: this.#files };
  }

  #stateNow(directory: string): WalState {
    return {
      directory,
      options: this.#options,
      segments: this.#segments,
      metadataRecord: this.#metadataRecord,
      stateRecord: this.#stateRecord,
      crc: this.#crc,
      end: this.#end,
      filledEnd: this.#filledEnd,
      lastIndex: this.#lastIndex,
    };
  }

  /** The same log after the rename of its folder, its file opened anew so that failures name it rightly. */
  #movedTo(directory: string): Wal {
    const file = reopen(this.#disk, this.#files[0]!, `${directory}/${this.#segments[0]!.name}`);
    this.#failed = true;
    return new Wal(this.#disk, this.#stateNow(directory), [file]);
  }

  #appendRare(type: number | undefined, data: Uint8Array): void {
    if (type === RecordType.State) {
      const state = decodeHardState(data);
      if (state.term !== this.#state.term || state.vote !== this.#state.vote) this.#needsSync = true;
      this.#state = state;
      this.#stateRecord = data;
      this.#frame(RecordType.State, data);
    } else {
      assert(type === RecordType.Snapshot, "a batch holds entries, hard states and snapshot records");
      this.#snapshotIndex = decodeWalSnapshot(data).index;
      this.#lastIndex = Math.max(this.#lastIndex, this.#snapshotIndex);
      this.#needsSync = true;
      this.#frame(RecordType.Snapshot, data);
    }
  }

  #noteEntry(batch: Uint8Array, position: number): void {
    const start = position + BATCH_RECORD_HEADER_BYTES;
    const { index } = decodeEntry(batch.subarray(start, start + lengthAt(batch, position + 1)));
    this.#lastIndex = Math.max(index, this.#snapshotIndex);
  }

  #frameHead(): void {
    this.#frame(RecordType.Crc, NOTHING);
    this.#frame(RecordType.Metadata, this.#metadataRecord);
    if (this.#stateRecord !== undefined) this.#frame(RecordType.State, this.#stateRecord);
  }

  #frame(type: RecordType, data: Uint8Array): void {
    this.#frameRange(type, data, 0, data.length);
  }

  #frameRange(type: RecordType, source: Uint8Array, start: number, end: number): void {
    const room = recordSizeMax(end - start);
    if (this.#buffered + room > this.#buffer.length) this.#makeRoom(room);
    this.#crc = chainCrc(this.#crc, source, start, end);
    this.#buffered = writeRecord(this.#buffer, this.#buffered, type, this.#crc, source, start, end);
  }

  #makeRoom(room: number): void {
    const wanted = Math.max(BUFFER_BYTES_MIN, 2 * this.#buffer.length);
    if (this.#buffered + room <= wanted && wanted <= BUFFER_BYTES_MAX) {
      this.#buffer = widened(this.#buffer, wanted);
      return;
    }
    this.#failed = true;
    this.#write();
    this.#failed = false;
    if (room > this.#buffer.length) this.#buffer = new Uint8Array(room);
  }

  #write(): void {
    if (this.#buffered === 0) return;
    this.#files.at(-1)!.write(this.#buffer, 0, this.#buffered, this.#end);
    this.#end += this.#buffered;
    this.#buffered = 0;
    if (this.#buffer.length > BUFFER_BYTES_MAX) this.#buffer = new Uint8Array(BUFFER_BYTES_MAX);
  }

  /**
   * The name is durable before any record in the new segment is reported, and the old segment ends where its records end before
   * there is a newer one.
   */
  #cut(): void {
    const full = this.#files.at(-1)!;
    full.truncate(this.#end);
    this.#sync(full);
    const spare = this.#spare ?? createSegment(this.#disk, this.#sparePath(), this.#options.segmentSizeBytes);
    const next = segmentName(this.#segments.at(-1)!.sequence + 1, this.#lastIndex + 1);
    this.#files.push(spare);
    this.#segments.push(next);
    this.#end = 0;
    this.#filledEnd = this.#spareFilledEnd;
    this.#spare = undefined;
    this.#spareFilledEnd = 0;
    this.#frameHead();
    this.#write();
    this.#sync(spare);
    const path = `${this.directory}/${next.name}`;
    this.#disk.rename(this.#sparePath(), path);
    if (this.#options.syncs) this.#disk.syncDirectory(this.directory);
    this.#files[this.#files.length - 1] = reopen(this.#disk, spare, path);
  }

  /**
   * Zeros ahead of the tail come first. The spare segment is filled as far as the tail is in its own, twice as far when there
   * is time; so a member that writes little fills little.
   */
  #fill(idle: boolean): boolean {
    const { segmentSizeBytes, fillPieceBytes } = this.#options;
    if (fillPieceBytes === 0) return false;
    this.#filledEnd = Math.max(this.#filledEnd, alignedUp(this.#end));
    const wantedEnd = Math.min(segmentSizeBytes, this.#end + fillPieceBytes * (idle ? PIECES_AHEAD : 1));
    if (this.#filledEnd < wantedEnd) {
      this.#filledEnd = this.#fillPiece(this.#files.at(-1)!, this.#filledEnd);
      return true;
    }
    const spareWantedEnd = Math.min(segmentSizeBytes, idle ? 2 * this.#end : this.#end);
    if (this.#spareFilledEnd + fillPieceBytes > spareWantedEnd) return false;
    this.#spare ??= createSegment(this.#disk, this.#sparePath(), segmentSizeBytes);
    this.#spareFilledEnd = this.#fillPiece(this.#spare, this.#spareFilledEnd);
    return true;
  }

  #fillPiece(file: DiskFile, from: number): number {
    const { segmentSizeBytes, fillPieceBytes } = this.#options;
    const length = Math.min(fillPieceBytes, segmentSizeBytes - from);
    file.write(zeros(length), 0, length, from);
    this.#sync(file);
    return from + length;
  }

  /**
   * Oldest first, and each removal durable before the next, so that a crash leaves no gap. A segment that somebody has locked
   * ends it: a reader of another process.
   */
  #purge(): void {
    const { segmentsMax } = this.#options;
    if (segmentsMax === 0) return;
    const listed = listSegments(this.#disk, this.directory);
    for (const segment of listed.slice(0, Math.max(0, listed.length - segmentsMax))) {
      if (segment.sequence >= this.#segments[0]!.sequence) return;
      const path = `${this.directory}/${segment.name}`;
      const file = this.#disk.open(path, "write");
      const isFree = file.tryLock("ofd-write");
      if (isFree) this.#disk.remove(path);
      file.close();
      if (!isFree) return;
      this.#disk.syncDirectory(this.directory);
    }
  }

  #sync(file: DiskFile): void {
    if (this.#options.syncs) file.sync();
  }

  #sparePath(): string {
    return `${this.directory}/${SPARE_NAME}`;
  }
}

/** Reads, then makes the end of the last segment ready to be written: whatever lies behind the last record is gone for good. */
function openForAppend(
  disk: Disk,
  directory: string,
  log: LoadedLog,
  options: Required<WalOptions>,
  segments: readonly SegmentName[],
  files: DiskFile[],
  inspect: InspectLog,
): OpenedWal {
  const reader = new LogReader(directory, log.position);
  reader.readAll(log.loaded);
  inspect(reader.contents(), log.position);
  const tail = reader.tail();
  const last = files.at(-1)!;
  const repair = tail.isTorn ? setAside(disk, directory, last, segments.at(-1)!, tail.end) : undefined;
  last.truncate(tail.end);
  last.truncate(Math.max(tail.end, options.segmentSizeBytes));
  last.sync();
  for (const name of disk.list(directory)) if (TEMPORARY.test(name)) disk.remove(`${directory}/${name}`);
  disk.syncDirectory(directory);
  const state = { directory, options, segments, ...tail, filledEnd: alignedUp(tail.end) };
  return { wal: new Wal(disk, state, files), position: log.position, contents: reader.contents(), repair };
}

function widened(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(length);
  wider.set(bytes);
  return wider;
}

function lengthAt(bytes: Uint8Array, position: number): number {
  return (
    (bytes[position]! |
      (bytes[position + 1]! << 8) |
      (bytes[position + 2]! << 16) |
      (bytes[position + 3]! << 24)) >>>
    0
  );
}

function alignedUp(position: number): number {
  return Math.ceil(position / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
