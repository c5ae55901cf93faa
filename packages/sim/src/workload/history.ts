/** What clients asked and heard, in order of their asking: what the checkers judge by. Times are the scheduler's. */

export type Operation =
  | { readonly kind: "put"; readonly key: string; readonly value: string; readonly lease?: bigint }
  /** Several keys of one group in one txn. */
  | { readonly kind: "put-group"; readonly keys: readonly string[]; readonly value: string }
  /** All keys with the prefix. */
  | { readonly kind: "delete-group"; readonly prefix: string }
  /** `atRevision` 0: now. */
  | { readonly kind: "get"; readonly key: string; readonly atRevision: number }
  | { readonly kind: "compact"; readonly revision: number }
  | { readonly kind: "grant"; readonly id: bigint; readonly ttlSeconds: number }
  | { readonly kind: "revoke"; readonly id: bigint }
  /** Before a lease can be renewed that was checkpointed. */
  | { readonly kind: "clear-checkpoint"; readonly id: bigint };

/** Keys that hang on leases: `leased/<id>/<n>`. */
export const LEASED_PREFIX = "leased/";

/** A lease as its holder knows it. */
export interface LeaseStory {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** When the grant and each renewal was acknowledged. */
  readonly renewedAtMs: number[];
  revokeAskedAtMs: number | undefined;
  /** When the holder was told that it is gone. */
  lostAtMs: number | undefined;
}

export interface WatchedEvent {
  readonly revision: number;
  readonly key: string;
  /** Undefined: deleted. */
  readonly value: string | undefined;
}

/** A watch over all its connections. */
export interface WatchStory {
  readonly name: string;
  /** The range, as the hub takes it. */
  readonly low: string;
  readonly high: string;
  /** Where it began; 0: it has not. */
  firstRevision: number;
  /** The first that it has not heard of; 0: it begins with what comes next. */
  nextRevision: number;
  /** What lies below was compacted before it could be heard. */
  missedBelow: number;
  /** Without events: progress. */
  readonly responses: {
    readonly atMs: number;
    /** Of the header. */
    readonly revision: number;
    readonly events: readonly WatchedEvent[];
  }[];
}

export interface Acknowledgement {
  readonly atMs: number;
  /** Of the header. */
  readonly revision: number;
  /** Of a get: what was read; undefined: no such key. */
  readonly value?: string | undefined;
  /** Of a delete: how many keys. */
  readonly deleted?: number | undefined;
}

export interface HistoryEntry {
  readonly operation: Operation;
  readonly askedAtMs: number;
  acknowledged: Acknowledgement | undefined;
}

export class History {
  readonly entries: HistoryEntry[] = [];
  readonly leases: LeaseStory[] = [];
  readonly watches: WatchStory[] = [];
  /** Largest revision that anybody was told of. */
  revisionSeen = 0;
  /** Clients ask nothing more. */
  closed = false;

  ask(operation: Operation, atMs: number): HistoryEntry {
    const entry: HistoryEntry = { operation, askedAtMs: atMs, acknowledged: undefined };
    this.entries.push(entry);
    return entry;
  }

  watch(name: string, low: string, high: string): WatchStory {
    const story = { name, low, high, firstRevision: 0, nextRevision: 0, missedBelow: 0, responses: [] };
    this.watches.push(story);
    return story;
  }

  acknowledge(entry: HistoryEntry, acknowledgement: Acknowledgement): void {
    entry.acknowledged = acknowledgement;
    this.revisionSeen = Math.max(this.revisionSeen, acknowledgement.revision);
  }
}
