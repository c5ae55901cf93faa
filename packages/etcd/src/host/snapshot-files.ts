/**
 * Writes `.snap` files without holding the loop: by the run-time's pool of threads, which nothing shares that a client waits
 * for. The order of steps is `SnapFolder.save`'s: temporary name, sync, rename, sync of the folder.
 */

import { open, rename } from "node:fs/promises";
import type { ServerMetrics, SnapshotOrder } from "@etcd-ts/server";
import { encodeSnapFile, encodeV2Store, RealDisk, SnapFolder, snapName } from "@etcd-ts/storage";

const PERMISSIONS = 0o666;

export class SnapshotFiles {
  private readonly path: string;
  private readonly folder: SnapFolder;
  private readonly filesMax: number;
  private readonly metrics: ServerMetrics;

  /** `filesMax` 0 keeps all. */
  constructor(path: string, filesMax: number, metrics: ServerMetrics) {
    this.metrics = metrics;
    this.path = path;
    this.folder = new SnapFolder(new RealDisk(), path);
    this.filesMax = filesMax;
  }

  /** Resolves when the file, with the membership that old releases read from it, is durable. */
  async save(order: SnapshotOrder): Promise<void> {
    const { index, term, confState, members, removed, clusterVersion } = order;
    const { metrics } = this;
    const begunAtMs = metrics.clockMs();
    const data = encodeV2Store({ members, removed, version: clusterVersion });
    const name = snapName(term, index);
    const bytes = encodeSnapFile({ data, metadata: { index, term, confState } });
    const encodedAtMs = metrics.clockMs();
    await writeDurably(`${this.path}/tmp-${name}`, bytes);
    const writtenAtMs = metrics.clockMs();
    await rename(`${this.path}/tmp-${name}`, `${this.path}/${name}`);
    await syncFolder(this.path);
    metrics.snapMarshal.observe((encodedAtMs - begunAtMs) / 1000);
    metrics.snapFsync.observe((writtenAtMs - encodedAtMs) / 1000);
    metrics.snapSave.observe((metrics.clockMs() - begunAtMs) / 1000);
    this.folder.purge(this.filesMax);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w", PERMISSIONS);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
