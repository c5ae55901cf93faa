/**
 * The loop's side of the log's thread. The thread (`wal-worker.ts`) writes and syncs; nothing with unbounded time shares it.
 *
 * At most two jobs are on their way, one under the disk and one behind it. What is appended meanwhile stays in the open
 * batch and grows it, and goes as one job when a report comes back: so batches are joined without anybody's doing, and a
 * stalled disk costs memory only as far as the caller lets `pendingBytes` grow.
 */

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { assert } from "@etcd-ts/base";
import { DiskError } from "../disk/disk.ts";
import { RealFile } from "../disk/real-disk.ts";
import type { Wal } from "./wal.ts";
import { WalBatch } from "./wal-batch.ts";
import { type BufferMessage, JOBS_ON_THE_WAY_MAX, WalChannel } from "./wal-channel-thread.ts";
import type { WalState } from "./wal-state.ts";
import type { WalListener, WalWriter } from "./wal-writer.ts";

/** What the thread is told once, when there is a log. */
export interface WalWorkerData {
  readonly channel: SharedArrayBuffer;
  readonly buffers: MessagePort;
  readonly state: WalState;
  readonly files: readonly { readonly path: string; readonly descriptor: number }[];
}

/** What the thread says once, before it ends. */
export type WalWorkerMessage =
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly code: string; readonly path: string; readonly message: string };

/** Larger buffers are not kept for the next batch. */
const KEPT_BUFFER_BYTES_MAX = 4_194_304;
const NO_RELEASE = -1;

export class WalThread implements WalWriter {
  readonly batch: WalBatch;
  synced = 0;
  pendingBytes = 0;
  readonly #channel = new WalChannel();
  readonly #buffers: SharedBuffers;
  readonly #worker: Worker;
  readonly #listener: WalListener;
  #appended = 0;
  /** Jobs posted and done; the batches up to `#jobUpTo[job mod 2]` are covered by a job. */
  #posted = 0;
  #done = 0;
  readonly #jobUpTo: number[] = [0, 0];
  readonly #jobBuffer: (Uint8Array | undefined)[] = [undefined, undefined];
  readonly #jobBytes: number[] = [0, 0];
  /** Up to here the open batch has been appended. */
  #openEnd = 0;
  #release = NO_RELEASE;
  #closing: (() => void) | undefined;
  #closePosted = false;
  #ended = false;
  #waiting = false;

  /** A thread that waits for its log: its own beginning takes a while, and need not wait for the log to be opened. */
  static begin(): Worker {
    return new Worker(new URL("./wal-worker.js", import.meta.url), { trackUnmanagedFds: false, name: "wal" });
  }

  /** `wal` was opened on a real disk and is not used by the caller any more. */
  constructor(wal: Wal, listener: WalListener, worker = WalThread.begin()) {
    const { state, files } = wal.detach();
    const { port1, port2 } = new MessageChannel();
    this.#listener = listener;
    this.#buffers = new SharedBuffers(this.#channel, port1);
    this.batch = new WalBatch(this.#buffers);
    const data: WalWorkerData = {
      channel: this.#channel.memory,
      buffers: port2,
      state,
      files: files.map((file) => {
        assert(file instanceof RealFile, "the log's thread works on the real disk");
        return { path: file.path, descriptor: file.descriptor };
      }),
    };
    this.#worker = worker;
    this.#worker.postMessage(data, [port2]);
    this.#worker.on("message", (message: WalWorkerMessage) => this.#onMessage(message));
    this.#worker.on("error", (error) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    this.#worker.on("exit", (code) => this.#fail(new Error(`wal: the thread ended with ${code}`)));
  }

  append(): number {
    assert(this.batch.length > this.#openEnd, "an empty batch is not appended");
    assert(this.#closing === undefined, "a closing log takes no batches");
    this.pendingBytes += this.batch.length - this.#openEnd;
    this.#openEnd = this.batch.length;
    const number = ++this.#appended;
    this.#pump();
    return number;
  }

  release(snapshotIndex: number): void {
    this.#release = Math.max(this.#release, snapshotIndex);
    this.#pump();
  }

  close(onClosed: () => void): void {
    assert(this.#closing === undefined, "a log is closed once");
    this.#closing = onClosed;
    if (this.#ended) onClosed();
    else this.#pump();
  }

  /** Looks for a report now instead of waiting for its turn. */
  poll(): void {
    const count = this.#channel.doneBeyond(this.#done);
    if (count === 0 || this.#ended) return;
    for (let i = 0; i < count; i++) this.#finishJob();
    const upTo = this.#jobUpTo[this.#done % JOBS_ON_THE_WAY_MAX]!;
    this.#pump();
    if (upTo === this.synced) return;
    this.synced = upTo;
    this.#listener.onSynced(upTo);
  }

  #finishJob(): void {
    const slot = ++this.#done % JOBS_ON_THE_WAY_MAX;
    this.pendingBytes -= this.#jobBytes[slot]!;
    const syncMs = this.#channel.syncMs(this.#done);
    if (this.#jobBytes[slot]! > 0 || syncMs > 0)
      this.#listener.onWritten?.(this.#channel.writeMs(this.#done), syncMs);
    const buffer = this.#jobBuffer[slot];
    if (buffer !== undefined) this.#buffers.giveBack(buffer);
    this.#jobBuffer[slot] = undefined;
  }

  /** Posts what there is to do while there is room on the way. */
  #pump(): void {
    while (this.#posted - this.#done < JOBS_ON_THE_WAY_MAX && !this.#ended && this.#hasJob()) this.#post();
    if (this.#posted > this.#done && !this.#waiting) this.#await();
  }

  #hasJob(): boolean {
    return (
      this.#openEnd > 0 || this.#release !== NO_RELEASE || (this.#closing !== undefined && !this.#closePosted)
    );
  }

  #post(): void {
    const number = ++this.#posted;
    const slot = number % JOBS_ON_THE_WAY_MAX;
    const length = this.#openEnd;
    // What was added and not yet appended would go along; the loop appends before it hears reports, so there is none.
    assert(this.batch.length === length, "a batch is filled and appended in one go");
    const buffer = length > 0 ? this.batch.detach() : undefined;
    this.#jobBuffer[slot] = buffer;
    this.#jobBytes[slot] = length;
    this.#jobUpTo[slot] = this.#appended;
    this.#openEnd = 0;
    this.#closePosted = this.#closing !== undefined;
    const id = buffer === undefined ? 0 : this.#buffers.numberOf(buffer);
    this.#channel.post(number, id, length, this.#release, this.#closePosted);
    this.#release = NO_RELEASE;
  }

  #await(): void {
    this.#waiting = true;
    const done = this.#channel.whenDone(this.#done);
    if (done === "now") queueMicrotask(this.#onReport);
    else done.then(this.#onReport);
  }

  readonly #onReport = (): void => {
    this.#waiting = false;
    this.poll();
    if (this.#posted > this.#done && !this.#waiting && !this.#ended) this.#await();
  };

  #onMessage(message: WalWorkerMessage): void {
    if (message.kind === "failed") {
      this.#fail(new DiskError(message.code, message.path, message.message));
      return;
    }
    this.poll();
    this.#ended = true;
    this.#buffers.close();
    this.#closing!();
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#buffers.close();
    this.#listener.onFailure(error);
    this.#closing?.();
  }
}

/** Shared memory for batches, known to the thread by number. A number whose buffer was dropped gets the next one made. */
class SharedBuffers {
  readonly #channel: WalChannel;
  readonly #port: MessagePort;
  readonly #numbered: (Uint8Array | undefined)[] = [];
  readonly #free: Uint8Array[] = [];

  constructor(channel: WalChannel, port: MessagePort) {
    this.#channel = channel;
    this.#port = port;
  }

  take(sizeMin: number): Uint8Array {
    const kept = this.#free.findIndex((buffer) => buffer.length >= sizeMin);
    if (kept >= 0) return this.#free.splice(kept, 1)[0]!;
    const memory = new SharedArrayBuffer(sizeMin);
    const buffer = new Uint8Array(memory);
    const vacant = this.#numbered.indexOf(undefined);
    const number = vacant < 0 ? this.#numbered.length : vacant;
    this.#numbered[number] = buffer;
    this.#port.postMessage({ buffer: number, memory } satisfies BufferMessage);
    this.#channel.countBuffer();
    return buffer;
  }

  giveBack(buffer: Uint8Array): void {
    if (buffer.length <= KEPT_BUFFER_BYTES_MAX) this.#free.push(buffer);
    else this.#numbered[this.numberOf(buffer)] = undefined;
  }

  numberOf(buffer: Uint8Array): number {
    const number = this.#numbered.indexOf(buffer);
    assert(number >= 0, "a batch lies in a registered buffer");
    return number;
  }

  close(): void {
    this.#port.close();
  }
}
