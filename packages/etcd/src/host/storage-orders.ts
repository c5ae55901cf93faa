/**
 * Carries out what the core orders from the database's threads (`StorageOrder`) and tells it what came of it. A thread that fails
 * tells the database's listener by itself: the member ends, and nobody waits for its answers any more.
 */

import type { MemberEvent, StorageOrder } from "@etcd-ts/server";
import type { ReaderThread, SnapshotReading } from "@etcd-ts/storage";

export class StorageOrders {
  private readonly reader: ReaderThread;
  private readonly tell: (event: MemberEvent) => void;
  private readonly snapshots = new Map<number, SnapshotReading>();

  constructor(reader: ReaderThread, tell: (event: MemberEvent) => void) {
    this.reader = reader;
    this.tell = tell;
  }

  carryOut(order: StorageOrder): void {
    const { job } = order;
    switch (order.kind) {
      case "hash":
        this.reader.hash(order.root).then((hash) => this.tell({ kind: "hashed", job, hash }), ignore);
        return;
      case "open-snapshot":
        this.snapshots.set(job, this.reader.snapshot(order.root));
        return;
      case "next-piece":
        this.nextPiece(job, order.bytesMax);
        return;
      case "end-snapshot":
        this.snapshots.get(job)?.end();
        this.snapshots.delete(job);
        return;
      case "defragment":
        this.tell({ kind: "defragmented", job, failure: "defragmentation is not supported by this version" });
    }
  }

  private nextPiece(job: number, bytesMax: number): void {
    const reading = this.snapshots.get(job);
    reading?.next(bytesMax).then((piece) => this.tell({ kind: "snapshot-piece", job, piece }), ignore);
  }
}

function ignore(): void {}
