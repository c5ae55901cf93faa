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
import {
  decodeClusterVersionSetRequest,
  decodeConfChange,
  decodeInternalRaftRequest,
  type Entry,
  EntryType,
  RaftRequestField,
} from "@etcd-ts/proto";
import type { Backend } from "@etcd-ts/storage";
import type { SlowRequests } from "../log/slow-requests.ts";
import type { Proposal } from "../node/proposal.ts";
import { applyConfChange, type ConfChangeContext, tellReplayedChange } from "./conf-change.ts";
import { decodeRaftRequest } from "./raft-request.ts";
import { applyRequest, type OpenWrite, type RequestContext } from "./request.ts";

/** Longer entries set no cluster version, and need not be looked into. */
const VERSION_ENTRY_BYTES_MAX = 64;

export type ApplyProgress = "idle" | "miss" | "more";

export interface ApplierContext extends RequestContext, ConfChangeContext {
  readonly backend: Backend;
  /** Hears of what takes long; undefined: nobody wants to. */
  readonly slow: SlowRequests | undefined;
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
  /** When the write that is open, or being applied, began; and whether its time counts. */
  private begunAtMs = 0;
  private isTimed = false;
  /** Keys that the entry at `head` may visit in this slice. */
  private keysLeft = 0;
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

  /**
   * Applies until the budget is used up, in entries and in records that they write. `miss`: run it again when pages have come. `more`:
   * run it again.
   */
  run(budget: number): ApplyProgress {
    const { backend } = this.context;
    const end = budget + backend.pendingOperations;
    for (let entries = 0; entries + backend.pendingOperations < end; entries++) {
      const entry = this.queue[this.head];
      if (entry === undefined) return "idle";
      this.keysLeft = Math.min(this.context.applySliceKeys, end - entries - backend.pendingOperations);
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
      this.tellReplayed(entry);
      return "done";
    }
    if (this.open === undefined) this.context.backend.beginEntry();
    const progress = this.applyOnce(entry);
    if (progress === "done") this.context.backend.endEntry(entry.index, entry.term);
    return progress;
  }

  private tellReplayed({ type, data }: Entry): void {
    const { lines, membership } = this.context;
    if (data === undefined) return;
    if (type !== EntryType.Normal) return tellReplayedChange(lines, decodeConfChange(data));
    if (data.length === 0 || data.length > VERSION_ENTRY_BYTES_MAX) return;
    const { field, body } = decodeInternalRaftRequest(data);
    if (field !== RaftRequestField.clusterVersionSet || membership.version === undefined) return;
    lines.versionSet(membership.version, decodeClusterVersionSetRequest(body).ver);
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
    if (this.open !== undefined) {
      this.isTimed = true;
      return this.goOn(entry);
    }
    const data = entry.data;
    // The entry with which a leader begins its term.
    if (data === undefined || data.length === 0) {
      this.context.onNewTerm(entry.term);
      return "done";
    }
    const proposal = entry.decoded as Proposal | undefined;
    const request = proposal ?? decodeRaftRequest(data, entry.index);
    this.startTiming(request.field);
    const begun = applyRequest(this.context, request, proposal);
    if (begun === undefined) {
      this.count(proposal);
      this.tellSlow(data, proposal);
      return "done";
    }
    this.open = begun;
    return this.goOn(entry);
  }

  /** One slice of the open write. */
  private goOn(entry: Entry): "done" | "miss" | "more" {
    const open = this.open!;
    const progress = open.task.run(this.keysLeft);
    if (progress !== "done") return progress;
    this.open = undefined;
    this.context.finishWrite(open);
    this.count(open.proposal);
    this.tellSlow(entry.data!, open.proposal);
    return "done";
  }

  /** A put is done in no time unless it waits for pages: its clock is the turn's, and read again only if it waited. */
  private startTiming(field: number): void {
    const { slow, metrics, nowMs } = this.context;
    if (slow === undefined) return;
    this.isTimed = slow.isExact || field !== RaftRequestField.put;
    this.begunAtMs = this.isTimed ? metrics.clockMs() : nowMs;
  }

  private tellSlow(data: Uint8Array, proposal: Proposal | undefined): void {
    if (!this.isTimed) return;
    const { slow, metrics } = this.context;
    const tookMs = metrics.clockMs() - this.begunAtMs;
    if (slow === undefined || tookMs <= slow.applyLimitMs) return;
    const { answerBytes = -1, refusal = "" } = proposal ?? {};
    slow.onApplied({ data, tookMs, answerBytes, error: refusal });
  }

  private count(proposal: Proposal | undefined): void {
    if (proposal !== undefined) this.context.metrics.countRequest(proposal.field, proposal.proposedAtMs);
  }
}
