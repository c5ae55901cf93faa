/**
 * Carries out the core's orders for the index checkpoint: a thread for each, from its first block to its end. What fails is told to
 * the operator and else of no consequence.
 */

import type { Logger } from "@etcd-ts/base";
import {
  type CheckpointOrder,
  CheckpointWriter,
  type LastCheckpoint,
  type MemberEvent,
} from "@etcd-ts/server";
import type { PinnedRoot } from "@etcd-ts/storage";

export interface CheckpointPlace {
  readonly path: string;
  readonly databasePath: string;
  readonly pageBytes: number;
  readonly log: Logger;
}

export class CheckpointFile {
  private readonly place: CheckpointPlace;
  private readonly tell: (event: MemberEvent) => void;
  private writer: CheckpointWriter | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(place: CheckpointPlace, tell: (event: MemberEvent) => void) {
    this.place = place;
    this.tell = tell;
  }

  carryOut(order: CheckpointOrder): void {
    switch (order.kind) {
      case "checkpoint-block":
        this.writer ??= this.begin(true);
        this.writer.add(order.block);
        return;
      case "end-checkpoint":
        this.writer?.finish(order.revision, { ...this.database, root: order.root });
        return;
      case "abandon-checkpoint":
        this.writer?.abandon();
    }
  }

  /** The whole of one at a clean stop, which does not wait for the disk; `commit` makes the database durable. */
  async save(last: LastCheckpoint, commit: () => Promise<PinnedRoot>): Promise<void> {
    await this.ended;
    const writer = this.begin(false);
    for (const block of last.blocks()) writer.add(block);
    const { file, transaction, root, highWaterMark } = await commit();
    writer.finish(last.revision, { ...this.database, root: { file, transaction, root, highWaterMark } });
    await this.ended;
  }

  private get database(): { readonly path: string; readonly pageBytes: number } {
    return { path: this.place.databasePath, pageBytes: this.place.pageBytes };
  }

  private begin(syncs: boolean): CheckpointWriter {
    let resolveEnd = () => {};
    this.ended = new Promise((resolve) => {
      resolveEnd = resolve;
    });
    return new CheckpointWriter(this.place.path, syncs, {
      onWritten: () => this.tell({ kind: "checkpoint-block-written" }),
      onEnd: (failure) => {
        this.writer = undefined;
        if (failure !== undefined)
          this.place.log.warn("host/checkpoint-file.ts:71", "failed to write the index checkpoint", {
            error: failure,
          });
        resolveEnd();
        this.tell({ kind: "checkpoint-ended" });
      },
    });
  }
}
