/**
 * The barrier before linearizable reads (`api-semantics.md` 1; thesis 6.4): a read waits until the applied index reaches the
 * commit index that the leader confirmed after the read arrived.
 *
 * Reads that arrive while a round is under way wait for the next one. A round is one ReadIndex with a fresh context; a
 * round that is not answered is sent again with another context, and an answer to any context of the round counts.
 *
 * A leader that is the only voter needs no round: nobody else can have been elected.
 */

import type { Read } from "./read.ts";

/** A round without an answer is sent anew after this time. */
const RESEND_MS = 500;

interface Round {
  readonly reads: Read[];
  /** Contexts sent; any of them may be answered. */
  readonly contexts: number[];
  sentAtMs: number;
}

export class ReadBarrier {
  /** Wait for the next round. */
  private next: Read[] = [];
  private round: Round | undefined;
  /** Confirmed, by read index ascending; they wait for apply. */
  private confirmed: { readonly index: number; readonly reads: readonly Read[] }[] = [];
  private lastContext = 0;

  add(read: Read): void {
    this.next.push(read);
  }

  /** The context to ask raft with now; undefined when there is nothing to ask. */
  beginRound(nowMs: number): number | undefined {
    if (this.round !== undefined) return this.resend(nowMs);
    if (this.next.length === 0) return undefined;
    this.round = { reads: this.next, contexts: [++this.lastContext], sentAtMs: nowMs };
    this.next = [];
    return this.lastContext;
  }

  /** The first entry of a new term is committed: what raft postponed or dropped is asked again at once. */
  hurry(): void {
    if (this.round !== undefined) this.round.sentAtMs = Number.NEGATIVE_INFINITY;
  }

  onReadState(context: number, index: number): void {
    if (this.round?.contexts.includes(context) !== true) return;
    this.confirmed.push({ index, reads: this.round.reads });
    this.round = undefined;
  }

  /** Reads that may run now that `appliedIndex` is applied. */
  takeReady(appliedIndex: number): readonly Read[] {
    const ready: Read[] = [];
    while (this.confirmed.length > 0 && this.confirmed[0]!.index <= appliedIndex) {
      ready.push(...this.confirmed.shift()!.reads);
    }
    return ready;
  }

  /** Takes out reads that have waited for their confirmation since before `arrivedBeforeMs`. */
  takeOverdue(arrivedBeforeMs: number): readonly Read[] {
    const overdue = (read: Read) => read.arrivedAtMs < arrivedBeforeMs;
    const late = [...this.next.filter(overdue), ...(this.round?.reads.filter(overdue) ?? [])];
    if (late.length === 0) return late;
    this.next = this.next.filter((read) => !overdue(read));
    if (this.round !== undefined) {
      const reads = this.round.reads.filter((read) => !overdue(read));
      this.round = reads.length === 0 ? undefined : { ...this.round, reads };
    }
    return late;
  }

  private resend(nowMs: number): number | undefined {
    const round = this.round!;
    if (nowMs - round.sentAtMs < RESEND_MS) return undefined;
    round.contexts.push(++this.lastContext);
    round.sentAtMs = nowMs;
    return this.lastContext;
  }
}
