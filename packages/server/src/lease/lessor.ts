/**
 * Leases: which exist, which keys hang on them, and when the leader must propose their end (`api-semantics.md` 10).
 *
 * Two halves. The replicated half (grant, revoke, checkpoint, attach, detach) changes only in the apply chain, the same on
 * every member. The clock half (expiry, renewal) lives on the leader alone: deadlines are kept while it is primary and are
 * rebuilt, never earlier than remaining TTL plus the election time-out, when a member becomes leader.
 *
 * Invariants: a key hangs on at most one lease; on the primary every lease has exactly one place in the expiry heap, not later
 * than its deadline, elsewhere none; a lease is never reported as expired before its deadline.
 *
 * Not responsible for: which lease a key hangs on (its stored pair tells), deleting keys (the apply chain does, with
 * {@link Lessor.takeKeys}) and proposing.
 */

import { assert, keyString } from "@etcd-ts/base";
import { ERRORS, type Status } from "@etcd-ts/proto";
import { type Deadline, DeadlineHeap } from "./deadline-heap.ts";

export const LEASE_TTL_SECONDS_MAX = 9_000_000_000;

/** With at least this many leases a new primary spreads their deadlines: clients have to find it before they renew. */
const SPREAD_THRESHOLD = 1000;
/** At most so many leases a second expire after a change of leader: half of what are revoked. */
const SPREAD_PER_SECOND = 10_000;

const NO_KEYS: readonly string[] = [];

/** How a lease is kept in the database; `remainingTtl` 0 means that no checkpoint was made. */
export interface LeaseRecord {
  readonly id: bigint;
  readonly ttlSeconds: number;
  readonly remainingTtlSeconds: number;
}

/** Where leases are made durable. */
export interface LeaseStorage {
  putLease(record: LeaseRecord): void;
  deleteLease(id: bigint): void;
}

export interface LessorOptions {
  /** TTLs below this are raised to it: ceil(1.5 x election time-out). */
  readonly ttlSecondsMin: number;
  /** A proposed revocation that has not been applied is due again after this time. */
  readonly revokeRetryMs: number;
  /** A lease whose remaining TTL, as a new leader would know it, is so old is due for a checkpoint; undefined: never. */
  readonly checkpointIntervalMs: number | undefined;
  /** Checkpointed TTLs are kept in the database too. Must give the same on every member at the same entry. */
  readonly persistsCheckpoints: () => boolean;
}

interface Lease {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** From the last checkpoint; 0: none, the whole TTL remains. */
  remainingTtlSeconds: number;
  /** On the primary: when it ends, unless renewed. Infinity elsewhere. */
  expiresAtMs: number;
  /** On the primary: its end has been proposed; it can no longer be renewed. */
  revoking: boolean;
  /** Its places in the heaps; see {@link DeadlineHeap} on how they follow its deadline. */
  expiry: Deadline<Lease> | undefined;
  checkpointing: Deadline<Lease> | undefined;
  /** Keys as {@link keyString}; made with the first. */
  keys: Set<string> | undefined;
}

export type GrantOutcome =
  | { readonly ok: true; readonly ttlSeconds: number }
  | { readonly ok: false; readonly error: Status };

/**
 * What came of a renewal. Seconds of TTL: renewed. `expired`: past its deadline and not yet revoked; the caller waits for the
 * revocation, then answers TTL 0. `checkpointed`: the remaining TTL must be cleared through raft first.
 */
export type RenewOutcome = number | "not-found" | "expired" | "checkpointed" | "not-primary";

export interface LeaseStatus {
  readonly ttlSeconds: number;
  /** Whole seconds left, truncated towards 0; below when it should have been revoked long since. */
  readonly remainingSeconds: number;
}

/** `gone`: it was revoked; else this member is no longer primary. */
export type RemovalWaiter = (gone: boolean) => void;

export class Lessor {
  private readonly leases = new Map<bigint, Lease>();
  private readonly expiries = new DeadlineHeap<Lease>();
  private readonly checkpoints = new DeadlineHeap<Lease>();
  private primary = false;
  private readonly removalWaiters = new Map<bigint, RemovalWaiter[]>();
  private readonly storage: LeaseStorage;
  private readonly options: LessorOptions;

  constructor(storage: LeaseStorage, options: LessorOptions) {
    this.storage = storage;
    this.options = options;
  }

  // ----- the replicated half ---------------------------------------------------------------------------------------

  /** A lease found in the database at start; its keys follow by {@link attach}. */
  restore(record: LeaseRecord): void {
    const ttlSeconds = Math.max(record.ttlSeconds, this.options.ttlSecondsMin);
    this.leases.set(record.id, newLease(record.id, ttlSeconds, record.remainingTtlSeconds));
  }

  grant(id: bigint, ttlSecondsWanted: number, nowMs: number): GrantOutcome {
    if (ttlSecondsWanted > LEASE_TTL_SECONDS_MAX) return { ok: false, error: ERRORS.leaseTtlTooLarge };
    if (this.leases.has(id)) return { ok: false, error: ERRORS.leaseExist };
    const ttlSeconds = Math.max(ttlSecondsWanted, this.options.ttlSecondsMin);
    const lease = newLease(id, ttlSeconds, 0);
    this.leases.set(id, lease);
    this.storage.putLease({ id, ttlSeconds, remainingTtlSeconds: 0 });
    if (this.primary) this.schedule(lease, nowMs + ttlSeconds * 1000);
    return { ok: true, ttlSeconds };
  }

  /** Forgets the lease. Its keys must have been deleted, and so detached, before. False: there is none. */
  remove(id: bigint): boolean {
    const lease = this.leases.get(id);
    if (lease === undefined) return false;
    assert(lease.keys === undefined || lease.keys.size === 0, "a lease is removed after its keys");
    this.leases.delete(id);
    this.unschedule(lease);
    this.storage.deleteLease(id);
    this.tell(id, true);
    return true;
  }

  /** The remaining TTL as an entry of the log tells it; 0 clears the checkpoint. */
  checkpoint(id: bigint, remainingTtlSeconds: number): void {
    const lease = this.leases.get(id);
    if (lease === undefined) return;
    lease.remainingTtlSeconds = remainingTtlSeconds;
    if (this.options.persistsCheckpoints()) {
      this.storage.putLease({ id, ttlSeconds: lease.ttlSeconds, remainingTtlSeconds });
    }
    if (this.primary) this.scheduleCheckpoint(lease);
  }

  attach(id: bigint, key: Uint8Array): void {
    const lease = this.leases.get(id);
    assert(lease !== undefined, "a key is attached to a lease that exists");
    lease.keys ??= new Set();
    lease.keys.add(keyString(key));
  }

  detach(id: bigint, key: Uint8Array): void {
    const keys = this.leases.get(id)?.keys;
    if (keys !== undefined) keys.delete(keyString(key));
  }

  /** The keys of a lease that ends, in the order in which they are deleted; they hang on it no longer. Undefined: there is none. */
  takeKeys(id: bigint): readonly string[] | undefined {
    const lease = this.leases.get(id);
    if (lease?.keys === undefined) return lease === undefined ? undefined : NO_KEYS;
    const keys = [...lease.keys];
    lease.keys = undefined;
    return keys.length > 1 ? keys.sort((a, b) => (a < b ? -1 : 1)) : keys;
  }

  // ----- questions ------------------------------------------------------------------------------------------------

  exists(id: bigint): boolean {
    return this.leases.has(id);
  }

  get count(): number {
    return this.leases.size;
  }

  keysOf(id: bigint): readonly string[] {
    const keys = this.leases.get(id)?.keys;
    return keys === undefined ? [] : [...keys];
  }

  /** Ids, on the primary by remaining time. */
  list(): readonly bigint[] {
    if (!this.primary) return [...this.leases.keys()];
    return [...this.leases.values()].sort((a, b) => a.expiresAtMs - b.expiresAtMs).map((lease) => lease.id);
  }

  status(id: bigint, nowMs: number): LeaseStatus | undefined {
    const lease = this.leases.get(id);
    if (lease === undefined) return undefined;
    const leftMs = this.primary ? lease.expiresAtMs - nowMs : remainingSecondsOf(lease) * 1000;
    return { ttlSeconds: lease.ttlSeconds, remainingSeconds: Math.trunc(leftMs / 1000) + 0 };
  }

  // ----- the clock half, on the leader ------------------------------------------------------------------------------

  get isPrimary(): boolean {
    return this.primary;
  }

  /** This member leads: every lease gets its remaining TTL anew, plus `extendMs` (the election time-out). */
  promote(nowMs: number, extendMs: number): void {
    this.demote();
    this.primary = true;
    const leases = [...this.leases.values()];
    for (const lease of leases) lease.expiresAtMs = nowMs + extendMs + remainingSecondsOf(lease) * 1000;
    if (leases.length >= SPREAD_THRESHOLD) spreadDeadlines(leases);
    for (const lease of leases) this.schedule(lease, lease.expiresAtMs);
  }

  /** This member does not lead, or no longer: it knows no deadlines. */
  demote(): void {
    if (!this.primary) return;
    this.primary = false;
    for (const lease of this.leases.values()) this.unschedule(lease);
    for (const id of [...this.removalWaiters.keys()]) this.tell(id, false);
  }

  renew(id: bigint, nowMs: number): RenewOutcome {
    if (!this.primary) return "not-primary";
    const lease = this.leases.get(id);
    if (lease === undefined) return "not-found";
    if (lease.expiresAtMs <= nowMs || lease.revoking) return "expired";
    if (lease.remainingTtlSeconds > 0) return "checkpointed";
    lease.expiresAtMs = nowMs + lease.ttlSeconds * 1000;
    if (lease.expiry!.atMs > lease.expiresAtMs) this.moveEarlier(lease);
    if (lease.checkpointing === undefined) this.scheduleCheckpoint(lease);
    return lease.ttlSeconds;
  }

  /** Tells when the lease, which has expired, is gone, or when this member is no longer primary. */
  whenRemoved(id: bigint, then: RemovalWaiter): void {
    const waiting = this.removalWaiters.get(id);
    if (waiting === undefined) this.removalWaiters.set(id, [then]);
    else waiting.push(then);
  }

  /** Leases whose end must be proposed now, at most `limit`; each is due again after the retry time unless removed. */
  takeExpired(nowMs: number, limit: number): bigint[] {
    const expired: bigint[] = [];
    while (expired.length < limit) {
      const lease = dueIn(this.expiries, nowMs);
      if (lease === undefined) break;
      if (lease.expiresAtMs > nowMs) {
        lease.expiry = this.expiries.push(lease.expiresAtMs, lease);
        continue;
      }
      lease.revoking = true;
      lease.expiry = this.expiries.push(nowMs + this.options.revokeRetryMs, lease);
      expired.push(lease.id);
    }
    return expired;
  }

  /** When {@link takeExpired} may next have something; Infinity when never. */
  nextExpiryMs(): number {
    return this.expiries.peek()?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Leases whose remaining TTL is to be written through raft, at most `limit`. A lease that is kept alive is not among them: a new
   * leader would give it little more than it has.
   */
  takeCheckpoints(nowMs: number, limit: number): LeaseRecord[] {
    const due: LeaseRecord[] = [];
    while (due.length < limit) {
      const lease = dueIn(this.checkpoints, nowMs);
      if (lease === undefined) break;
      lease.checkpointing = undefined;
      const { id, ttlSeconds, expiresAtMs } = lease;
      if (expiresAtMs <= nowMs) continue;
      if (this.checkpointDueMs(lease) > nowMs) {
        this.scheduleCheckpoint(lease);
        continue;
      }
      due.push({ id, ttlSeconds, remainingTtlSeconds: Math.ceil((expiresAtMs - nowMs) / 1000) });
      // Comes true unless the checkpoint is applied before.
      lease.checkpointing = this.checkpoints.push(nowMs + this.options.checkpointIntervalMs!, lease);
    }
    return due;
  }

  /** When {@link takeCheckpoints} may next have something; Infinity when never. */
  nextCheckpointMs(): number {
    return this.checkpoints.peek()?.atMs ?? Number.POSITIVE_INFINITY;
  }

  invariants(): void {
    const attached = new Set<string>();
    for (const { keys = NO_KEYS } of this.leases.values()) {
      for (const key of keys) {
        assert(!attached.has(key), "a key hangs on one lease");
        attached.add(key);
      }
    }
    assert(
      this.expiries.size === (this.primary ? this.leases.size : 0),
      "on the primary every lease has a place among the deadlines, elsewhere none",
    );
    for (const { expiry, expiresAtMs, revoking } of this.leases.values()) {
      assert(expiry === undefined || revoking || expiry.atMs <= expiresAtMs, "a lease is looked at in time");
    }
  }

  describe(): string {
    return `leases=${this.leases.size} primary=${this.primary}`;
  }

  private tell(id: bigint, gone: boolean): void {
    const waiting = this.removalWaiters.get(id);
    if (waiting === undefined) return;
    this.removalWaiters.delete(id);
    for (const then of waiting) then(gone);
  }

  private schedule(lease: Lease, expiresAtMs: number): void {
    lease.expiresAtMs = expiresAtMs;
    lease.expiry = this.expiries.push(expiresAtMs, lease);
    this.scheduleCheckpoint(lease);
  }

  /** A renewal takes away what a new primary had given on top. */
  private moveEarlier(lease: Lease): void {
    this.expiries.remove(lease.expiry!);
    lease.expiry = this.expiries.push(lease.expiresAtMs, lease);
  }

  private unschedule(lease: Lease): void {
    lease.expiresAtMs = Number.POSITIVE_INFINITY;
    lease.revoking = false;
    if (lease.expiry !== undefined) this.expiries.remove(lease.expiry);
    if (lease.checkpointing !== undefined) this.checkpoints.remove(lease.checkpointing);
    lease.expiry = undefined;
    lease.checkpointing = undefined;
  }

  private scheduleCheckpoint(lease: Lease): void {
    if (lease.checkpointing !== undefined) this.checkpoints.remove(lease.checkpointing);
    const dueMs = this.checkpointDueMs(lease);
    lease.checkpointing = dueMs < lease.expiresAtMs ? this.checkpoints.push(dueMs, lease) : undefined;
  }

  /** When it will have used up an interval of what a new leader would give it. */
  private checkpointDueMs(lease: Lease): number {
    const interval = this.options.checkpointIntervalMs ?? Number.POSITIVE_INFINITY;
    return lease.expiresAtMs - remainingSecondsOf(lease) * 1000 + interval;
  }
}

function newLease(id: bigint, ttlSeconds: number, remainingTtlSeconds: number): Lease {
  return {
    id,
    ttlSeconds,
    remainingTtlSeconds,
    expiresAtMs: Number.POSITIVE_INFINITY,
    revoking: false,
    expiry: undefined,
    checkpointing: undefined,
    keys: undefined,
  };
}

/** Takes the first lease out whose place is due. */
function dueIn(heap: DeadlineHeap<Lease>, nowMs: number): Lease | undefined {
  const top = heap.peek();
  return top !== undefined && top.atMs <= nowMs ? heap.pop()?.item : undefined;
}

function remainingSecondsOf(lease: Lease): number {
  return lease.remainingTtlSeconds > 0 ? lease.remainingTtlSeconds : lease.ttlSeconds;
}

/** Moves deadlines later, never earlier, so that they follow each other at the allowed rate at most. */
function spreadDeadlines(leases: Lease[]): void {
  leases.sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  let earliestMs = 0;
  for (const lease of leases) {
    lease.expiresAtMs = Math.max(lease.expiresAtMs, earliestMs);
    earliestMs = lease.expiresAtMs + 1000 / SPREAD_PER_SECOND;
  }
}
