/**
 * The apply chain: committed entries, in order, into the state machine.
 *
 *     entry -> already applied? -> corrupt -> capability -> auth -> quota -> store · lessor · alarms · membership -> answer
 *
 * An entry is applied whole before the next one begins. It may take several slices (a delete of a million keys) and it may
 * have to wait for pages; meanwhile the entries behind it wait, and no batch closes within it. Results depend on the log
 * alone: never on what is cached, on the clock, or on whether somebody waits for the answer.
 *
 * Not responsible for: which entries are committed (raft) and for when batches close (the member).
 */

import { assert } from "@etcd-ts/base";
import { decodeConfChange, type Entry, EntryType } from "@etcd-ts/proto";
import type { Backend } from "@etcd-ts/storage";
import type { Proposal } from "../node/proposal.ts";
import { applyConfChange, type ConfChangeContext, tellReplayedChange } from "./conf-change.ts";
import { decodeRaftRequest } from "./raft-request.ts";
import { applyRequest, type OpenWrite, type RequestContext } from "./request.ts";

export type ApplyProgress = "idle" | "miss" | "more";

export interface ApplierContext extends RequestContext, ConfChangeContext {
  readonly backend: Backend;
  /** Keys that one slice of a large write may visit. */
  readonly applySliceKeys: number;
}

export class Applier {
  /** Entries handed over and not yet applied; `head` is the next one. */
  private queue: Entry[] = [];
  private head = 0;
  /** The write of the entry at `head` that has begun and is not whole. */
  private open: OpenWrite | undefined;
  /** Index of the last entry that was applied, or skipped as applied before. */
  appliedIndex: number;
  appliedTerm: number;
  private readonly context: ApplierContext;

  constructor(context: ApplierContext, appliedIndex: number, appliedTerm: number) {
    this.context = context;
    this.appliedIndex = appliedIndex;
    this.appliedTerm = appliedTerm;
  }

  get pending(): number {
    return this.queue.length - this.head;
  }

  push(entries: readonly Entry[]): void {
    if (this.head === this.queue.length) {
      this.queue = [];
      this.head = 0;
    }
    for (const entry of entries) this.queue.push(entry);
  }

  /** Applies at most `entriesMax` entries. `miss`: run it again when pages have come. `more`: run it again. */
  run(entriesMax: number): ApplyProgress {
    for (let n = 0; n < entriesMax; n++) {
      const entry = this.queue[this.head];
      if (entry === undefined) return "idle";
      const progress = this.applyEntry(entry);
      if (progress !== "done") return progress;
      // The log keeps the entry for followers; its decoded form has served.
      entry.decoded = undefined;
      this.head++;
      this.appliedIndex = entry.index;
      this.appliedTerm = entry.term;
    }
    return this.pending === 0 ? "idle" : "more";
  }

  private applyEntry(entry: Entry): "done" | "miss" | "more" {
    assert(entry.index === this.appliedIndex + 1, "entries are applied one by one, in order");
    // A replayed entry: its effects are in the database, its configuration in the bucket of members.
    if (entry.index <= this.context.backend.consistentIndex) {
      if (entry.type !== EntryType.Normal) this.tellReplayed(entry);
      return "done";
    }
    if (this.open === undefined) this.context.backend.beginEntry();
    const progress = this.applyOnce(entry);
    if (progress === "done") this.context.backend.endEntry(entry.index, entry.term);
    return progress;
  }

  private tellReplayed(entry: Entry): void {
    tellReplayedChange(this.context.lines, decodeConfChange(entry.data ?? new Uint8Array(0)));
  }

  private applyOnce(entry: Entry): "done" | "miss" | "more" {
    if (entry.type === EntryType.Normal) return this.applyNormal(entry);
    assert(
      entry.type === EntryType.ConfChange,
      "a configuration change of the second kind is never proposed",
    );
    applyConfChange(this.context, decodeConfChange(entry.data ?? new Uint8Array(0)), entry);
    return "done";
  }

  private applyNormal(entry: Entry): "done" | "miss" | "more" {
    if (this.open !== undefined) return this.goOn();
    const data = entry.data;
    // The entry with which a leader begins its term.
    if (data === undefined || data.length === 0) {
      this.context.onNewTerm(entry.term);
      return "done";
    }
    const proposal = entry.decoded as Proposal | undefined;
    const request = proposal ?? decodeRaftRequest(data, entry.index);
    const begun = applyRequest(this.context, request, proposal);
    if (begun === undefined) {
      this.count(proposal);
      return "done";
    }
    this.open = begun;
    return this.goOn();
  }

  /** One slice of the open write. */
  private goOn(): "done" | "miss" | "more" {
    const open = this.open!;
    const progress = open.task.run(this.context.applySliceKeys);
    if (progress !== "done") return progress;
    this.open = undefined;
    this.context.finishWrite(open);
    this.count(open.proposal);
    return "done";
  }

  private count(proposal: Proposal | undefined): void {
    if (proposal !== undefined) this.context.metrics.countRequest(proposal.field, proposal.proposedAtMs);
  }
}
