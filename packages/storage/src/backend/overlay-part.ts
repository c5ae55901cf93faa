/**
 * One batch's part of the overlay: its operations as they are packed for the commit thread, and for each key the place of the
 * last one. It is written while it is the open part, read until its commit is reported and the last view of it is closed.
 *
 * Records lie in two runs. `ascending` holds those that had the highest revision when they came (nearly all): it only ever
 * grows at its end, so that a view is a length. `late` holds all others (deletions by compaction); a record in both was
 * written to `late` last. `late` and the maps of the small buckets are copied before a write when a view may hold them.
 */

import { assert } from "@etcd-ts/base";
import { BUCKETS } from "./backend-types.ts";
import { BatchWriter, type ChunkPool, placeOffset } from "./batch-writer.ts";
import { copyBytes } from "./bytes-copy.ts";
import { recordKeyBytes, writeRecordKey } from "./record-key.ts";
import { DELETED, RecordRun, RUN_BYTES_PER_RECORD } from "./record-run.ts";
import { SmallMap } from "./small-map.ts";

export const RECORD_BUCKET = BUCKETS.indexOf("key");
/** The format's limit of a key. */
const KEY_BYTES_MAX = 32768;
/** Memory of an operation beside its key and value. */
const OPERATION_BYTES = 8;

/** The part as it was at one moment; `late` and `maps` are those of then. */
export class OverlayLayer {
  readonly part: OverlayPart;
  late: RecordRun;
  maps: readonly (SmallMap | undefined)[];
  /** Records of the ascending run that belong to it. */
  ascendingEnd: number;

  constructor(part: OverlayPart) {
    this.part = part;
    this.late = part.late;
    this.maps = part.maps;
    this.ascendingEnd = part.ascending.length;
  }

  /** Follows the part to now. */
  refresh(): void {
    this.late = this.part.late;
    this.maps = this.part.maps;
    this.ascendingEnd = this.part.ascending.length;
  }
}

export class OverlayPart {
  readonly ascending = new RecordRun();
  late = new RecordRun();
  maps: (SmallMap | undefined)[] = new Array(BUCKETS.length).fill(undefined);
  readonly writer: BatchWriter;
  operations = 0;
  /** Memory of the operations and of finding them. */
  bytes = 0;
  /** One for the overlay while it holds the part, one for each view. At 0 the memory is used again. */
  pins = 0;

  /** A view may hold `late`, `maps` or one of the maps: copy before the next write. */
  private lateShared = false;
  private mapsShared = false;
  private readonly mapShared = new Uint8Array(BUCKETS.length);

  constructor(pool: ChunkPool) {
    this.writer = new BatchWriter(pool);
  }

  putRecord(main: number, minor: number, source: Uint8Array, start: number, end: number): void {
    const valueBytes = end - start;
    const keyBytes = recordKeyBytes(minor);
    const writer = this.writer;
    const place = writer.reserve(RECORD_BUCKET, false, keyBytes, valueBytes);
    writeRecordKey(writer.bytes, writer.at, main, minor);
    const whole = start === 0 && end === source.length;
    writer.bytes.set(whole ? source : source.subarray(start, end), writer.at + keyBytes);
    this.note(main, minor, place, valueBytes);
    this.bytes += OPERATION_BYTES + RUN_BYTES_PER_RECORD + keyBytes + valueBytes;
  }

  deleteRecord(main: number, minor: number): void {
    const keyBytes = recordKeyBytes(minor);
    const writer = this.writer;
    const place = writer.reserve(RECORD_BUCKET, true, keyBytes, 0);
    writeRecordKey(writer.bytes, writer.at, main, minor);
    this.note(main, minor, place, DELETED);
    this.bytes += OPERATION_BYTES + RUN_BYTES_PER_RECORD + keyBytes;
  }

  /** Puts into a small bucket, or deletes when `value` is undefined. */
  setSmall(bucket: number, key: Uint8Array, value: Uint8Array | undefined): void {
    assert(bucket !== RECORD_BUCKET, "records have runs of their own");
    assert(key.length > 0 && key.length <= KEY_BYTES_MAX, "key length out of range");
    const writer = this.writer;
    const valueBytes = value?.length ?? 0;
    writer.reserve(bucket, value === undefined, key.length, valueBytes);
    writer.bytes.set(key, writer.at);
    if (value !== undefined) writer.bytes.set(value, writer.at + key.length);
    this.operations++;
    this.bytes += OPERATION_BYTES + key.length + valueBytes + this.ownMap(bucket).set(key, value);
  }

  /** A copy of the value of a run's record, undefined when it was deleted: the chunk is written again later. */
  valueOf(run: RecordRun, index: number): Uint8Array | undefined {
    const valueBytes = run.lengths[index]!;
    if (valueBytes === DELETED) return undefined;
    const place = run.places[index]!;
    const start = placeOffset(place) + recordKeyBytes(run.minors[index]!);
    return copyBytes(this.writer.chunkAt(place), start, start + valueBytes);
  }

  /** The part as it is now, whatever is written later. */
  freeze(): OverlayLayer {
    this.lateShared = true;
    this.mapsShared = true;
    this.mapShared.fill(1);
    return new OverlayLayer(this);
  }

  clear(): void {
    assert(this.pins === 0, "a pinned part is not used again");
    this.ascending.clear();
    this.late.clear();
    this.maps = new Array(BUCKETS.length).fill(undefined);
    this.lateShared = false;
    this.mapsShared = false;
    this.mapShared.fill(0);
    this.writer.clear();
    this.operations = 0;
    this.bytes = 0;
  }

  invariants(): void {
    this.ascending.invariants();
    this.late.invariants();
    assert(this.ascending.length + this.late.length <= this.operations, "more records than operations");
  }

  private note(main: number, minor: number, place: number, valueBytes: number): void {
    if (this.ascending.isBehind(main, minor)) this.ascending.append(main, minor, place, valueBytes);
    else this.ownLate().set(main, minor, place, valueBytes);
    this.operations++;
  }

  private ownLate(): RecordRun {
    if (this.lateShared) {
      this.late = this.late.clone();
      this.lateShared = false;
    }
    return this.late;
  }

  private ownMap(bucket: number): SmallMap {
    if (this.mapsShared) {
      this.maps = this.maps.slice();
      this.mapsShared = false;
    }
    const map = this.maps[bucket];
    const own = map === undefined ? new SmallMap() : this.mapShared[bucket] === 1 ? map.clone() : map;
    this.maps[bucket] = own;
    this.mapShared[bucket] = 0;
    return own;
  }
}
