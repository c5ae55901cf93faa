/**
 * The index checkpoint at a start: read on a thread of its own while database and log are opened, then made whole with what the
 * database holds beyond it. Without one, or when it does not fit, all records are read.
 */

import type { Logger } from "@etcd-ts/base";
import { type CheckpointDemand, CheckpointReader, INDEX_SHAPE, type ReadyIndex } from "@etcd-ts/server";
import type { Disk } from "@etcd-ts/storage";

export class StartCheckpoint {
  private readonly reader: CheckpointReader | undefined;
  private readonly log: Logger;

  constructor(disk: Disk, path: string, log: Logger) {
    this.log = log;
    if (disk.exists(path)) this.reader = new CheckpointReader(path, INDEX_SHAPE);
  }

  /** Undefined: the records are to be read. */
  async complete(isReceived: boolean, demand: () => CheckpointDemand): Promise<ReadyIndex | undefined> {
    if (this.reader === undefined) return undefined;
    if (isReceived) {
      this.reader.abandon();
      return undefined;
    }
    const { ready, reason } = await this.reader.complete(demand());
    if (ready === undefined)
      this.log.info(
        "host/start-checkpoint.ts:29",
        "the index checkpoint is not used; the whole database is read",
        {
          reason,
        },
      );
    else
      this.log.debug("host/start-checkpoint.ts:36", "restored the index from its checkpoint", {
        "added-records": ready.added,
      });
    return ready;
  }
}
