/**
 * What the leader knows of one follower's log, and how it sends to it.
 *
 *              BecomeReplicate                 BecomeSnapshot
 *      Probe  ------------------->  Replicate  -------------->  Snapshot
 *        ^   <-------------------       |                          |
 *        |         BecomeProbe          +<-------------------------+
 *        +-----------------------------------------------------------+
 *
 * Probe: where the logs part is not known; one append at a time. Replicate: optimistic, up to the inflight window. Snapshot: nothing
 * is sent until the snapshot has arrived or failed. Invariant: match < next; sentCommit < next except where a heartbeat said more.
 */

import { assert } from "@etcd-ts/base";
import type { Inflights } from "./inflights.ts";

export type ProgressState = "StateProbe" | "StateReplicate" | "StateSnapshot";

export class Progress {
  readonly id: bigint;
  /** Largest index known to be on the follower's disk. */
  match: number;
  /** Index of the next entry to send. */
  next: number;
  /** Largest commit index that the follower was told of, in so far as it had the entries. */
  sentCommit = 0;
  state: ProgressState = "StateProbe";
  /** Index of the snapshot on its way; 0 outside of Snapshot. */
  pendingSnapshot = 0;
  /** Something was heard from the follower since the last check of the quorum. */
  recentActive = false;
  /** No more appends for now: the probe is unanswered, or the window is full. */
  appendPaused = false;
  inflights: Inflights;
  isLearner: boolean;

  constructor(id: bigint, match: number, next: number, inflights: Inflights, isLearner: boolean) {
    this.id = id;
    this.match = match;
    this.next = next;
    this.inflights = inflights;
    this.isLearner = isLearner;
  }

  /** A new term: nothing is known any more but whether it learns. */
  reset(match: number, next: number): void {
    this.match = match;
    this.next = next;
    this.sentCommit = 0;
    this.recentActive = false;
    this.enter("StateProbe");
  }

  becomeProbe(): void {
    // After a snapshot the follower has at least that; probing starts behind it.
    const pending = this.state === "StateSnapshot" ? this.pendingSnapshot : 0;
    this.enter("StateProbe");
    this.next = Math.max(this.match + 1, pending + 1);
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
  }

  becomeReplicate(): void {
    this.enter("StateReplicate");
    this.next = this.match + 1;
  }

  becomeSnapshot(index: number): void {
    this.enter("StateSnapshot");
    this.pendingSnapshot = index;
    this.next = index + 1;
    this.sentCommit = index;
  }

  private enter(state: ProgressState): void {
    this.appendPaused = false;
    this.pendingSnapshot = 0;
    this.state = state;
    this.inflights.clear();
  }

  isPaused(): boolean {
    return this.state === "StateSnapshot" || this.appendPaused;
  }

  /** An append with `count` entries of `bytes` payload was sent. */
  sentEntries(count: number, bytes: number): void {
    assert(this.state !== "StateSnapshot", "raft: sending append in snapshot state");
    if (this.state === "StateReplicate") {
      if (count > 0) {
        this.next += count;
        this.inflights.add(this.next - 1, bytes);
      }
      this.appendPaused = this.inflights.full();
    } else if (count > 0) {
      this.appendPaused = true;
    }
  }

  /** The follower acknowledged up to `index`; false when that is old news. */
  maybeUpdate(index: number): boolean {
    if (index <= this.match) return false;
    this.match = index;
    this.next = Math.max(this.next, index + 1);
    this.appendPaused = false;
    return true;
  }

  /** The follower rejected the append after `rejected`; false when the answer is out of date. */
  maybeDecreaseTo(rejected: number, hint: number): boolean {
    if (this.state === "StateReplicate") {
      if (rejected <= this.match) return false;
      this.next = this.match + 1;
      this.sentCommit = Math.min(this.sentCommit, this.next - 1);
      return true;
    }
    if (this.next - 1 !== rejected) return false;
    this.next = Math.max(Math.min(rejected, hint + 1), this.match + 1);
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
    this.appendPaused = false;
    return true;
  }

  /** An empty append would tell the follower of a commit that it can use. */
  canBumpCommit(committed: number): boolean {
    return committed > this.sentCommit && this.sentCommit < this.next - 1;
  }

  clone(): Progress {
    const copy = new Progress(this.id, this.match, this.next, this.inflights.clone(), this.isLearner);
    copy.sentCommit = this.sentCommit;
    copy.state = this.state;
    copy.pendingSnapshot = this.pendingSnapshot;
    copy.recentActive = this.recentActive;
    copy.appendPaused = this.appendPaused;
    return copy;
  }

  describe(): string {
    let text = `${this.state} match=${this.match} next=${this.next}`;
    if (this.isLearner) text += " learner";
    if (this.isPaused()) text += " paused";
    if (this.pendingSnapshot > 0) text += ` pendingSnap=${this.pendingSnapshot}`;
    if (!this.recentActive) text += " inactive";
    if (this.inflights.count > 0) {
      text += ` inflight=${this.inflights.count}`;
      if (this.inflights.full()) text += "[full]";
    }
    return text;
  }

  invariants(): void {
    assert(this.match < this.next, "progress: match < next");
    assert(
      this.pendingSnapshot > 0 === (this.state === "StateSnapshot"),
      "progress: pending snapshot iff in Snapshot",
    );
    assert(
      this.inflights.count === 0 || this.state === "StateReplicate",
      "progress: inflights only in Replicate",
    );
    this.inflights.invariants();
  }
}
