/**
 * The memory that the loop and the log's thread share: at most two jobs on their way, and how many are done. Measured against
 * messages both ways it halves the time and the CPU of a hand-over.
 *
 *     words   POSTED (loop)  DONE (thread)  BUFFERS (loop)                     each only ever counts up, modulo 2^32
 *     slots   { buffer, length, release, close, write ms, sync ms } x 2          job n lies in slot n mod 2
 *
 * A slot is written before POSTED moves past it and not again before DONE does; the atomic counters order the plain writes. The
 * two times are the thread's, written before DONE moves past the slot.
 * Buffers are registered by a message on a port, before the job that first uses them; BUFFERS counts these messages.
 */

declare global {
  interface Atomics {
    // In every supported Node, though the type definitions of this language level leave it out.
    waitAsync(
      words: Int32Array,
      index: number,
      value: number,
    ):
      | { readonly async: true; readonly value: Promise<string> }
      | { readonly async: false; readonly value: string };
  }
}

export const JOBS_ON_THE_WAY_MAX = 2;

const POSTED = 0;
const DONE = 1;
const BUFFERS = 2;
const WORD_COUNT = 4;
const SLOT_FIELDS = 6;
const WRITE_MS = 4;
const SYNC_MS = 5;

export interface Job {
  /** Number of the registered buffer that holds the batch, and the batch's length; 0: no batch. */
  buffer: number;
  length: number;
  /** Release segments below this snapshot; negative: none. */
  release: number;
  close: boolean;
}

export interface BufferMessage {
  readonly buffer: number;
  readonly memory: SharedArrayBuffer;
}

export class WalChannel {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #slots: Float64Array;

  constructor(
    memory: SharedArrayBuffer = new SharedArrayBuffer(WORD_COUNT * 4 + JOBS_ON_THE_WAY_MAX * SLOT_FIELDS * 8),
  ) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORD_COUNT);
    this.#slots = new Float64Array(memory, WORD_COUNT * 4);
  }

  /** The loop's side: `number` is one more than the last job's. */
  post(number: number, buffer: number, length: number, release: number, close: boolean): void {
    const at = (number % JOBS_ON_THE_WAY_MAX) * SLOT_FIELDS;
    this.#slots[at] = buffer;
    this.#slots[at + 1] = length;
    this.#slots[at + 2] = release;
    this.#slots[at + 3] = close ? 1 : 0;
    Atomics.store(this.#words, POSTED, number | 0);
    Atomics.notify(this.#words, POSTED);
  }

  read(number: number, job: Job): void {
    const at = (number % JOBS_ON_THE_WAY_MAX) * SLOT_FIELDS;
    job.buffer = this.#slots[at]!;
    job.length = this.#slots[at + 1]!;
    job.release = this.#slots[at + 2]!;
    job.close = this.#slots[at + 3] === 1;
  }

  /** Jobs posted beyond `taken`. */
  postedBeyond(taken: number): number {
    return (Atomics.load(this.#words, POSTED) - (taken | 0)) | 0;
  }

  /** The thread's side: sleeps until a job beyond `taken` is posted; false: none was in that time. */
  waitForJob(taken: number, timeoutMs: number): boolean {
    return Atomics.wait(this.#words, POSTED, taken | 0, timeoutMs) !== "timed-out";
  }

  /** How long the disk took for `number` and what was written with it; 0: it was not asked. */
  setTimes(number: number, writeMs: number, syncMs: number): void {
    const at = (number % JOBS_ON_THE_WAY_MAX) * SLOT_FIELDS;
    this.#slots[at + WRITE_MS] = writeMs;
    this.#slots[at + SYNC_MS] = syncMs;
  }

  /** The loop's side, of a job that is done. */
  writeMs(number: number): number {
    return this.#slots[(number % JOBS_ON_THE_WAY_MAX) * SLOT_FIELDS + WRITE_MS]!;
  }

  syncMs(number: number): number {
    return this.#slots[(number % JOBS_ON_THE_WAY_MAX) * SLOT_FIELDS + SYNC_MS]!;
  }

  reportDone(number: number): void {
    Atomics.store(this.#words, DONE, number | 0);
    Atomics.notify(this.#words, DONE);
  }

  doneBeyond(seen: number): number {
    return (Atomics.load(this.#words, DONE) - (seen | 0)) | 0;
  }

  /** The loop's side: resolves when a job beyond `seen` is done; "now" when that is so already. */
  whenDone(seen: number): Promise<unknown> | "now" {
    const result = Atomics.waitAsync(this.#words, DONE, seen | 0);
    return result.async ? result.value : "now";
  }

  countBuffer(): void {
    Atomics.add(this.#words, BUFFERS, 1);
  }

  buffersBeyond(seen: number): number {
    return (Atomics.load(this.#words, BUFFERS) - (seen | 0)) | 0;
  }
}
