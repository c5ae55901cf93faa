/**
 * The index checkpoint on the simulated disk: what the real host's threads do with it, between delays by chance. Whatever is
 * used of it at a start is compared with what all records of the database say: they must be alike.
 *
 * Blocks and the end reach the disk in the order of their orders. A disk that is full ends the checkpoint and nothing else.
 */

import { isDeepStrictEqual } from "node:util";
import {
  type CheckpointDemand,
  type CheckpointOrder,
  CheckpointReading,
  CheckpointWriting,
  contentsOf,
  INDEX_SHAPE,
  type LastCheckpoint,
  type Member,
  type MemberEvent,
  type ReadyIndex,
} from "@etcd-ts/server";
import {
  type CommittedRoot,
  DatabaseError,
  type DataDirectory,
  DiskError,
  type FaultyDisk,
} from "@etcd-ts/storage";
import type { PlantedBug } from "./planted-bugs.ts";

export class SimulatedCheckpoint {
  private readonly disk: FaultyDisk;
  private readonly directory: DataDirectory;
  private readonly pageBytes: number;
  private readonly tell: (event: MemberEvent) => void;
  /** Runs it when the thread has come to it, in order. */
  private readonly inTurn: (work: () => void) => void;
  private writing: CheckpointWriting | undefined;

  constructor(
    disk: FaultyDisk,
    directory: DataDirectory,
    pageBytes: number,
    inTurn: (work: () => void) => void,
    tell: (event: MemberEvent) => void,
  ) {
    this.disk = disk;
    this.directory = directory;
    this.pageBytes = pageBytes;
    this.inTurn = inTurn;
    this.tell = tell;
  }

  carryOut(order: CheckpointOrder): void {
    this.inTurn(() => {
      if (order.kind === "checkpoint-block") this.add(order);
      else if (order.kind === "end-checkpoint") this.finish(order.revision, order.root);
      else this.abandon();
    });
  }

  /** The whole of one at a clean stop; the database is durable, and this is its root. */
  save(last: LastCheckpoint, root: CommittedRoot): void {
    this.abandon();
    this.orNone(() => {
      this.writing = new CheckpointWriting(this.disk, this.directory.checkpoint);
      for (const block of last.blocks()) this.writing.add(block);
    });
    this.finish(last.revision, root);
  }

  private add({ block }: Extract<CheckpointOrder, { readonly kind: "checkpoint-block" }>): void {
    this.orNone(() => {
      this.writing ??= new CheckpointWriting(this.disk, this.directory.checkpoint);
      this.writing.add(block);
    });
    this.tell({ kind: "checkpoint-block-written" });
  }

  private finish(revision: number, root: CommittedRoot): void {
    const { directory, pageBytes } = this;
    this.orNone(() => this.writing?.finish(revision, { path: directory.database, pageBytes, root }));
    this.writing = undefined;
    this.tell({ kind: "checkpoint-ended" });
  }

  private abandon(): void {
    this.writing?.abandon();
    this.writing = undefined;
  }

  /** A full disk, and a database that has been defragmented meanwhile, are no harm. */
  private orNone(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof DatabaseError)) throw error;
      this.writing = undefined;
    }
  }
}

const DISCARDS = new Set(["CheckpointDiscarded", "DamagedRecordError", "DatabaseError"]);

/** What a start takes from the checkpoint; undefined: the records are to be read. */
export function readSimulatedCheckpoint(
  disk: FaultyDisk,
  path: string,
  demand: CheckpointDemand,
  bug: PlantedBug | undefined,
): ReadyIndex | undefined {
  if (!disk.exists(path)) return undefined;
  try {
    const reading = new CheckpointReading(disk, path, INDEX_SHAPE);
    if (bug !== "checkpoint-of-another") return reading.complete(disk, demand);
    const { head } = reading;
    // The last records are not compared, either.
    Object.assign(reading, { end: { fromMain: head.revision + 1, fromMinor: 0, count: 0, crc: 0 } });
    return reading.complete(disk, { ...demand, ...head });
  } catch (error) {
    // A damaged record is found by the full read as well, which then refuses.
    if (!DISCARDS.has((error as Error).name)) throw error;
    return undefined;
  }
}

/** A member that was made with a checkpoint, and one that was made without, just after their start. Throws when they differ. */
export function mustBeAlike(quick: Member, full: Member): void {
  if (!isDeepStrictEqual(described(quick), described(full)))
    throw new Error("the index of the checkpoint is not the one of the database");
}

function described({ store, lessor }: Member): unknown {
  const { currentRevision, compactRevision, restingIndex } = store;
  const leases = lessor.list().map((id) => [id, [...lessor.keysOf(id)].sort()]);
  // Undefined while a compaction goes on, which the start has taken up again.
  const contents = restingIndex && contentsOf(restingIndex.index);
  return { contents, currentRevision, compactRevision, leases };
}
