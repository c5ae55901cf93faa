/**
 * The checkpoint file over any disk: written block by block, and read into an index with what the database holds beyond it. The real host
 * does it on a thread, the simulated one inline.
 */

import { crc32cUpdate } from "@etcd-ts/base";
import {
  type CommittedRoot,
  type Disk,
  type DiskFile,
  encodeRecordKey,
  NodeFile,
  parentOf,
  RecordChunk,
  RecordLoader,
  type VisitRecord,
} from "@etcd-ts/storage";
import { IndexRestore } from "../mvcc/index-restore.ts";
import { TOUCH_MAX } from "../mvcc/key-hash.ts";
import { KeyIndex, type KeyIndexOptions } from "../mvcc/key-index.ts";
import { livesFromOf, type ReadyIndex } from "../mvcc/restoration.ts";
import {
  type Block,
  BlockKind,
  BlockReader,
  BlockWriter,
  CheckpointDiscarded,
  type CheckpointHead,
  type CheckpointIdentity,
  decodeEnd,
  decodeHead,
  encodeEnd,
  type RecordTail,
} from "./checkpoint-format.ts";
import { IndexReader } from "./index-reader.ts";
import { IndexWriter } from "./index-writer.ts";

/** Of the index that is made; the seed of its hashes comes with the checkpoint. */
export type IndexShape = Omit<KeyIndexOptions, "hashSeed">;

/** How many records before the checkpoint's revision must be as they were. */
const TAIL_RECORDS = 1000;

/** A committed database, pinned while it is read. */
export interface CommittedDatabase {
  readonly path: string;
  readonly pageBytes: number;
  readonly root: CommittedRoot;
}

/** What a checkpoint must fit to be used. */
export interface CheckpointDemand extends CheckpointIdentity {
  readonly database: CommittedDatabase;
  readonly consistentIndex: number;
}

/** Writes a checkpoint; whoever reads sees it when it is whole, or not at all. */
export class CheckpointWriting {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly temporary: string;
  private readonly file: DiskFile;
  private readonly blocks: BlockWriter;
  private readonly syncs: boolean;
  private index: IndexWriter | undefined;

  /** Without `syncs` a power failure soon after may leave half of it, which its checksums tell. */
  constructor(disk: Disk, path: string, syncs = true) {
    this.disk = disk;
    this.syncs = syncs;
    this.path = path;
    this.temporary = temporaryPath(path);
    this.file = disk.open(this.temporary, "create");
    this.blocks = new BlockWriter(this.file, syncs);
  }

  /** Throws when the disk is full or fails; what was written is taken away then. */
  add(block: Block): void {
    this.orNothing(() => {
      if (this.index !== undefined) return this.index.add(block);
      const { keys, hashSeed } = decodeHead(block);
      this.blocks.add(block.kind, block.payload);
      this.index = new IndexWriter(this.blocks, keys, hashSeed);
    });
  }

  /** The database is durable at the checkpoint's revision. */
  finish(revision: number, database: CommittedDatabase): void {
    this.orNothing(() => {
      this.index?.end();
      const { kind, payload } = encodeEnd(lastRecords(this.disk, database, revision));
      this.blocks.add(kind, payload);
      if (this.syncs) this.file.sync();
    });
    this.file.close();
    this.disk.rename(this.temporary, this.path);
    if (this.syncs) this.disk.syncDirectory(parentOf(this.path));
  }

  private orNothing(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  abandon(): void {
    this.file.close();
    this.disk.remove(this.temporary);
  }
}

function temporaryPath(path: string): string {
  return `${path}.tmp`;
}

/** Makes sure that no start ever sees the checkpoint: the database is not the one it was made of. */
export function removeCheckpoint(disk: Disk, path: string): void {
  let removed = false;
  for (const each of [path, temporaryPath(path)]) {
    if (!disk.exists(each)) continue;
    disk.remove(each);
    removed = true;
  }
  if (removed) disk.syncDirectory(parentOf(path));
}

/** A checkpoint that is being read, first by itself, then against the database. Both throw CheckpointDiscarded. */
export class CheckpointReading {
  readonly head: CheckpointHead;
  private readonly index: KeyIndex;
  private readonly end: RecordTail;

  constructor(disk: Disk, path: string, shape: IndexShape) {
    const file = disk.open(path, "read");
    try {
      const blocks = new BlockReader(file);
      this.head = decodeHead({ kind: blocks.begin(), payload: blocks.takeAll() });
      this.index = new KeyIndex({ ...shape, hashSeed: this.head.hashSeed });
      this.index.livesFrom = livesFromOf({
        finished: this.head.finishedMark,
        scheduled: this.head.scheduledMark,
      });
      const reader = new IndexReader(this.index, blocks);
      while (blocks.begin() !== BlockKind.end) reader.add();
      this.end = decodeEnd(blocks.takeAll());
      if (!blocks.isAtEnd) throw new CheckpointDiscarded("something follows its end");
      reader.end(this.head.revision);
    } finally {
      file.close();
    }
  }

  /** The index with everything that the database holds. */
  complete(disk: Disk, demand: CheckpointDemand): ReadyIndex {
    this.mustFit(demand);
    const { revision } = this.head;
    const tail = new TailCheck();
    const records = new IndexRestore(this.index);
    records.lastMain = revision;
    this.index.restoresCold = true;
    const visit: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
      if (main > revision) return records.add(main, sub, tombstone, bytes, start, end);
      if (main > this.end.fromMain || 2 * sub + (tombstone ? 1 : 0) >= this.end.fromMinor)
        tail.add(main, sub, tombstone, bytes, start, end);
      return true;
    };
    visitRecords(disk, demand.database, this.end.fromMain, visit, (chunk, lo, hi) =>
      records.touch(chunk, lo, hi),
    );
    const { count, crc } = tail.result();
    if (count !== this.end.count || crc !== this.end.crc)
      throw new CheckpointDiscarded("the database is not the one that it was made of");
    return { parts: this.index.dismantle(), lastMain: records.lastMain, added: records.count };
  }

  private mustFit(demand: CheckpointDemand): void {
    const { head } = this;
    if (head.clusterId !== demand.clusterId || head.memberId !== demand.memberId)
      throw new CheckpointDiscarded("it is another member's");
    if (head.finishedMark !== demand.finishedMark || head.scheduledMark !== demand.scheduledMark)
      throw new CheckpointDiscarded("the database has been compacted since");
    if (head.consistentIndex > demand.consistentIndex)
      throw new CheckpointDiscarded("the database ends before it");
  }
}

/** The last records up to a revision. */
function lastRecords(disk: Disk, database: CommittedDatabase, revision: number): RecordTail {
  const tail = new TailCheck();
  const from = Math.max(0, revision - TAIL_RECORDS + 1);
  visitRecords(disk, database, from, (main, sub, tombstone, bytes, start, end) => {
    if (main <= revision) tail.add(main, sub, tombstone, bytes, start, end);
    return main <= revision;
  });
  const result = tail.result();
  return result.count === 0 ? { ...result, fromMain: from } : result;
}

/** The last records of those that were added: where they begin, and the CRC over their CRCs. */
class TailCheck {
  private added = 0;
  private readonly crcs = new Uint32Array(TAIL_RECORDS);
  private readonly mains = new Float64Array(TAIL_RECORDS);
  private readonly minors = new Float64Array(TAIL_RECORDS);

  readonly add: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    const at = this.added++ % TAIL_RECORDS;
    this.crcs[at] = crc32cUpdate(crc32cUpdate(0, encodeRecordKey(main, sub, tombstone)), bytes, start, end);
    this.mains[at] = main;
    this.minors[at] = 2 * sub + (tombstone ? 1 : 0);
    return true;
  };

  result(): RecordTail {
    const count = Math.min(this.added, TAIL_RECORDS);
    const first = this.added - count;
    const bytes = new Uint8Array(4 * count);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < count; i++)
      view.setUint32(4 * i, this.crcs[(first + i) % TAIL_RECORDS] as number, true);
    return {
      fromMain: count === 0 ? 0 : (this.mains[first % TAIL_RECORDS] as number),
      fromMinor: count === 0 ? 0 : (this.minors[first % TAIL_RECORDS] as number),
      count,
      crc: crc32cUpdate(0, bytes),
    };
  }
}

/** The records from a main revision on, until `visit` says no; `expect` hears of those that come next. */
function visitRecords(
  disk: Disk,
  { path, pageBytes, root }: CommittedDatabase,
  main: number,
  visit: VisitRecord,
  expect: (chunk: RecordChunk, lo: number, hi: number) => void = () => {},
): void {
  const file = new NodeFile(disk.open(path, "read"), pageBytes);
  try {
    const loader = new RecordLoader(file, root, encodeRecordKey(main, 0, false));
    let chunk = new RecordChunk();
    let isWanted = true;
    const asLongAsWanted: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
      isWanted = visit(main, sub, tombstone, bytes, start, end);
      return isWanted;
    };
    while (isWanted && !loader.isDone) {
      if (loader.nodeBytes > chunk.data.length)
        chunk = new RecordChunk(RecordChunk.memoryFor(loader.nodeBytes));
      loader.fill(chunk);
      for (let lo = 0; isWanted && lo < chunk.count; lo += TOUCH_MAX) {
        const hi = Math.min(lo + TOUCH_MAX, chunk.count);
        expect(chunk, lo, hi);
        chunk.visit(asLongAsWanted, lo, hi);
      }
    }
  } finally {
    file.close();
  }
}
