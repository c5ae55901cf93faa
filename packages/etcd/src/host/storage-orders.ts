/**
 * Carries out what the core orders from the database's threads (`StorageOrder`) and tells it what came of it. A thread that fails
 * tells the database's listener by itself: the member ends, and nobody waits for its answers any more.
 */

import type { MemberEvent, StorageOrder } from "@etcd-ts/server";
import type { CommittedRoot, SnapshotReading } from "@etcd-ts/storage";
import type { DatabaseThreads } from "./database.ts";

export class StorageOrders {
  private readonly database: DatabaseThreads;
  private readonly tell: (event: MemberEvent) => void;
  private readonly snapshots = new Map<number, SnapshotReading>();

  constructor(database: DatabaseThreads, tell: (event: MemberEvent) => void) {
    this.database = database;
    this.tell = tell;
  }

  carryOut(order: StorageOrder): void {
    const { reader } = this.database;
    switch (order.kind) {
      case "hash":
        this.hash(order.job, order.root);
        return;
      case "open-snapshot":
        this.snapshots.set(order.job, reader.snapshot(order.root));
        return;
      case "next-piece":
        this.nextPiece(order.job, order.bytesMax);
        return;
      case "end-snapshot":
        this.snapshots.get(order.job)?.end();
        this.snapshots.delete(order.job);
        return;
      case "defragment":
        this.defragment(order.job);
        return;
      case "close-file":
        reader.closeFile(order.file);
    }
  }

  private hash(job: number, root: CommittedRoot): void {
    this.database.reader.hash(root).then((hash) => this.tell({ kind: "hashed", job, hash }), ignore);
  }

  private defragment(job: number): void {
    const { database } = this;
    database.defragment().then((failure) => this.tell({ kind: "defragmented", job, failure }), ignore);
  }

  private nextPiece(job: number, bytesMax: number): void {
    const reading = this.snapshots.get(job);
    reading?.next(bytesMax).then((piece) => this.tell({ kind: "snapshot-piece", job, piece }), ignore);
  }
}

function ignore(): void {}
