/**
 * The way of a read: past the barrier, if it is linearizable, and then run until it is answered, over as many turns and fetches of pages as it
 * takes. Contexts of ReadIndex are the numbers of the barrier's rounds, as eight bytes.
 */

import { asBuffer } from "@etcd-ts/base";
import type { Status } from "@etcd-ts/proto";
import type { ReadState } from "@etcd-ts/raft";
import type { Read } from "./read.ts";
import { ReadBarrier } from "./read-barrier.ts";
import { ReadQueue } from "./read-queue.ts";

/** What decides when a linearizable read may run. */
export interface ReadContext {
  readonly appliedIndex: number;
  /** All that anybody was told is applied here, and nobody else can lead: nothing has to be asked. */
  readonly isBarrierPassed: boolean;
  /** Raft can be asked for a read index. */
  readonly mayAskRaft: boolean;
  readIndex(context: Uint8Array): void;
  /** There is work for the next turn. */
  wake(): void;
}

export class ReadPath {
  private readonly context: ReadContext;
  private readonly barrier = new ReadBarrier();
  private readonly queue: ReadQueue;

  constructor(context: ReadContext) {
    this.context = context;
    this.queue = new ReadQueue(() => context.wake());
  }

  get waitsForPages(): boolean {
    return this.queue.waitsForPages;
  }

  add(read: Read): void {
    if (!read.linearizable || this.context.isBarrierPassed) this.queue.run(read);
    else this.barrier.add(read);
  }

  /** Goes on with a read that was parked. */
  resume(read: Read): void {
    this.queue.resume(read);
  }

  onTurn(): void {
    this.queue.onTurn();
  }

  onPages(): void {
    this.queue.onPages();
  }

  /** Asks raft for those that wait at the barrier. */
  askRaft(nowMs: number): void {
    const round = this.context.mayAskRaft ? this.barrier.beginRound(nowMs) : undefined;
    if (round !== undefined) this.context.readIndex(contextOf(round));
  }

  onReadState(state: ReadState): void {
    this.barrier.onReadState(roundOf(state.context!), state.index);
    this.onApplied();
  }

  onApplied(): void {
    for (const read of this.barrier.takeReady(this.context.appliedIndex)) this.queue.run(read);
  }

  /** What raft dropped because the term was new is asked again at once. */
  onNewTerm(): void {
    this.barrier.hurry();
  }

  /** Reads that have waited at the barrier since before this time. */
  takeOverdue(beforeMs: number): readonly Read[] {
    return this.barrier.takeOverdue(beforeMs);
  }

  failAll(error: Status): void {
    for (const read of this.barrier.takeOverdue(Number.POSITIVE_INFINITY)) read.fail(error);
    this.queue.failAll(error);
  }
}

function contextOf(round: number): Uint8Array {
  const context = Buffer.alloc(8);
  context.writeUIntBE(round, 2, 6);
  return context;
}

function roundOf(context: Uint8Array): number {
  return asBuffer(context).readUIntBE(2, 6);
}
