/**
 * How the core hands batches to the log: it appends, goes on, and hears later up to which batch everything is durable.
 * `WalThread` does it on a thread of its own; `InlineWalWriter` in place, for the simulator and for tests.
 *
 * Order is kept: reports name ever higher numbers, and a report of N covers all batches up to N. After a failure there are no
 * more reports, but one call of `onFailure`, and the member stops.
 */

import { assert } from "@etcd-ts/base";
import { DiskError } from "../disk/disk.ts";
import type { Wal } from "./wal.ts";
import { WalBatch } from "./wal-batch.ts";

export interface WalWriter {
  /** Where batches are encoded. It may still hold earlier ones that were appended and wait for the disk. */
  readonly batch: WalBatch;
  /** Bytes of batches that are not yet reported: what the caller bounds. */
  readonly pendingBytes: number;
  /** Highest number reported. */
  readonly synced: number;
  /** Takes what was added to `batch` since the last call, and returns its number: 1, 2, 3, … */
  append(): number;
  /** Segments below a snapshot that is durable are not needed any more. */
  release(snapshotIndex: number): void;
  /** What has been appended is made durable and reported, then the files are closed. */
  close(onClosed: () => void): void;
}

export interface WalListener {
  onSynced(upTo: number): void;
  /** How long the disk took for a write, and for the sync behind it; 0: there was none, or it was counted with another. */
  onWritten?(writeMs: number, syncMs: number): void;
  /** The log cannot go on; the message is for the operator. */
  onFailure(error: Error): void;
}

/**
 * The log in the caller's own thread. What is appended becomes durable at the next `run`, which the simulator calls when it
 * pleases: one write and one sync for all that waits.
 */
export class InlineWalWriter implements WalWriter {
  readonly batch = new WalBatch();
  pendingBytes = 0;
  synced = 0;
  readonly #wal: Wal;
  readonly #listener: WalListener;
  #appended = 0;
  #waiting: (Uint8Array | number)[] = [];
  #failed = false;

  constructor(wal: Wal, listener: WalListener) {
    this.#wal = wal;
    this.#listener = listener;
  }

  append(): number {
    assert(!this.batch.isEmpty(), "an empty batch is not appended");
    this.#waiting.push(this.batch.bytes.slice(0, this.batch.length));
    this.pendingBytes += this.batch.length;
    this.batch.clear();
    return ++this.#appended;
  }

  release(snapshotIndex: number): void {
    this.#waiting.push(snapshotIndex);
  }

  close(onClosed: () => void): void {
    this.run();
    if (!this.#failed) this.#wal.close();
    this.#failed = true;
    onClosed();
  }

  hasWork(): boolean {
    return !this.#failed && this.#waiting.length > 0;
  }

  run(): void {
    if (!this.hasWork()) return;
    const work = this.#waiting;
    this.#waiting = [];
    const upTo = this.#appended;
    try {
      this.#write(work);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#failed = true;
      this.#listener.onFailure(error);
      return;
    }
    this.pendingBytes = 0;
    if (upTo === this.synced) return;
    this.synced = upTo;
    this.#listener.onSynced(upTo);
  }

  #write(work: readonly (Uint8Array | number)[]): void {
    for (const item of work) if (typeof item !== "number") this.#wal.append(item, item.length);
    this.#wal.flush();
    for (const item of work) if (typeof item === "number") this.#wal.release(item);
    this.#wal.prepare(false);
  }
}
