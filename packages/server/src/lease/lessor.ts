/**
 * Leases: which exist, which keys hang on them, and when the leader must propose their end (`api-semantics.md` 10).
 *
 * Two halves. The replicated half (grant, revoke, checkpoint, attach, detach) changes only in the apply chain, the same on
 * every member. The clock half (expiry, renewal) lives on the leader alone: deadlines are kept while it is primary and are
 * rebuilt, never earlier than remaining TTL plus the election time-out, when a member becomes leader.
 *
 * Invariants: a key hangs on at most one lease; `keyOwners` and the leases' key sets say the same; on the primary every
 * lease has exactly one place in the expiry heap; a lease is never reported as expired before its deadline.
 *
 * Not responsible for: deleting keys (the apply chain does, with {@link Lessor.sortedKeysOf}) and for proposing.
 */

import { assert, keyString } from "@etcd-ts/base";
import { ERRORS, type Status } from "@etcd-ts/proto";
import { DeadlineHeap } from "./deadline-heap.ts";

export const LEASE_TTL_SECONDS_MAX = 9_000_000_000;

/** With at least this many leases a new primary spreads their deadlines. */
const SPREAD_THRESHOLD = 1000;
/** At most so many leases a second expire after a change of leader. */
const SPREAD_PER_SECOND = 750;

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
  /** Remaining TTLs are written through raft this often; undefined: never. */
  readonly checkpointIntervalMs: number | undefined;
  /** Checkpointed TTLs are kept in the database too. */
  readonly persistCheckpoints: boolean;
}

interface Lease {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** From the last checkpoint; 0: none, the whole TTL remains. */
  remainingTtlSeconds: number;
  /** On the primary: when it ends, unless renewed. Infinity elsewhere. */
  expiresAtMs: number;
  /** On the primary: its end has been proposed. Cleared when it is due again. */
  revoking: boolean;
  /** Keys as {@link keyString}; made with the first. */
  keys: Set<string> | undefined;
}

export type GrantOutcome =
  | { readonly ok: true; readonly ttlSeconds: number }
  | { readonly ok: false; readonly error: Status };

/** `expired`: past its deadline and not yet revoked; the caller waits for the revocation, then answers TTL 0. */
export type RenewOutcome =
  | { readonly outcome: "renewed"; readonly ttlSeconds: number }
  | { readonly outcome: "not-found" }
  | { readonly outcome: "expired" }
  | { readonly outcome: "clear-checkpoint-first" };

export interface LeaseStatus {
  readonly ttlSeconds: number;
  /** Whole seconds left, truncated; -1 when the deadline has passed. */
  readonly remainingSeconds: number;
}

export class Lessor {
  private readonly leases = new Map<bigint, Lease>();
  private readonly keyOwners = new Map<string, Lease>();
  private readonly expiries = new DeadlineHeap<Lease>();
  private readonly checkpoints = new DeadlineHeap<Lease>();
  private primary = false;
  private readonly removalWaiters = new Map<bigint, (() => void)[]>();
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
    if (this.primary) this.schedule(lease, nowMs, 0);
    return { ok: true, ttlSeconds };
  }

  /** Forgets the lease. Its keys must have been deleted, and so detached, before. False: there is none. */
  remove(id: bigint): boolean {
    const lease = this.leases.get(id);
    if (lease === undefined) return false;
    assert(lease.keys === undefined || lease.keys.size === 0, "a lease is removed after its keys");
    this.leases.delete(id);
    lease.expiresAtMs = Number.POSITIVE_INFINITY;
    this.storage.deleteLease(id);
    this.tellRemoved(id);
    return true;
  }

  /** The remaining TTL as an entry of the log tells it; 0 clears the checkpoint. */
  checkpoint(id: bigint, remainingTtlSeconds: number, nowMs: number): void {
    const lease = this.leases.get(id);
    if (lease === undefined) return;
    lease.remainingTtlSeconds = remainingTtlSeconds;
    if (this.options.persistCheckpoints) {
      this.storage.putLease({ id, ttlSeconds: lease.ttlSeconds, remainingTtlSeconds });
    }
    if (this.primary) this.scheduleCheckpoint(lease, nowMs);
  }

  attach(id: bigint, key: Uint8Array): void {
    const lease = this.leases.get(id);
    assert(lease !== undefined, "a key is attached to a lease that exists");
    const name = keyString(key);
    lease.keys ??= new Set();
    lease.keys.add(name);
    this.keyOwners.set(name, lease);
  }

  detach(id: bigint, key: Uint8Array): void {
    const name = keyString(key);
    this.leases.get(id)?.keys?.delete(name);
    if (this.keyOwners.get(name)?.id === id) this.keyOwners.delete(name);
  }

  // ----- questions ------------------------------------------------------------------------------------------------

  exists(id: bigint): boolean {
    return this.leases.has(id);
  }

  get count(): number {
    return this.leases.size;
  }

  /** The lease that a key hangs on; 0 when none. */
  leaseOf(key: Uint8Array): bigint {
    return this.keyOwners.get(keyString(key))?.id ?? 0n;
  }

  keysOf(id: bigint): readonly string[] {
    const keys = this.leases.get(id)?.keys;
    return keys === undefined ? [] : [...keys];
  }

  /** In the order in which a revocation deletes them. */
  sortedKeysOf(id: bigint): readonly string[] {
    return [...this.keysOf(id)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
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
    return { ttlSeconds: lease.ttlSeconds, remainingSeconds: leftMs <= 0 ? -1 : Math.floor(leftMs / 1000) };
  }

  // ----- the clock half, on the leader ------------------------------------------------------------------------------

  /** This member leads: every lease gets its remaining TTL anew, plus `extendMs` (the election time-out). */
  promote(nowMs: number, extendMs: number): void {
    this.primary = true;
    this.expiries.clear();
    this.checkpoints.clear();
    const leases = [...this.leases.values()];
    for (const lease of leases) lease.expiresAtMs = nowMs + extendMs + remainingSecondsOf(lease) * 1000;
    if (leases.length >= SPREAD_THRESHOLD) spreadDeadlines(leases);
    for (const lease of leases) {
      lease.revoking = false;
      this.expiries.push(lease.expiresAtMs, lease);
      this.scheduleCheckpoint(lease, nowMs);
    }
  }

  demote(): void {
    this.primary = false;
    this.expiries.clear();
    this.checkpoints.clear();
    for (const lease of this.leases.values()) {
      lease.expiresAtMs = Number.POSITIVE_INFINITY;
      lease.revoking = false;
    }
    for (const id of [...this.removalWaiters.keys()]) this.tellRemoved(id);
  }

  renew(id: bigint, nowMs: number): RenewOutcome {
    const lease = this.leases.get(id);
    if (lease === undefined) return { outcome: "not-found" };
    if (lease.expiresAtMs <= nowMs || lease.revoking) return { outcome: "expired" };
    if (lease.remainingTtlSeconds > 0) return { outcome: "clear-checkpoint-first" };
    lease.expiresAtMs = nowMs + lease.ttlSeconds * 1000;
    return { outcome: "renewed", ttlSeconds: lease.ttlSeconds };
  }

  /** Runs `then` when the lease, which has expired, is gone, or this member is no longer primary. */
  whenRemoved(id: bigint, then: () => void): void {
    const waiting = this.removalWaiters.get(id);
    if (waiting === undefined) this.removalWaiters.set(id, [then]);
    else waiting.push(then);
  }

  /** Leases whose end must be proposed now, at most `limit`; each is due again after the retry time unless removed. */
  takeExpired(nowMs: number, limit: number): bigint[] {
    const expired: bigint[] = [];
    while (expired.length < limit) {
      const top = this.expiries.peek();
      if (top === undefined || top.atMs > nowMs) break;
      this.expiries.pop();
      const lease = top.item;
      if (this.leases.get(lease.id) !== lease) continue;
      if (lease.expiresAtMs > nowMs) {
        this.expiries.push(lease.expiresAtMs, lease);
        continue;
      }
      lease.revoking = true;
      this.expiries.push(nowMs + this.options.revokeRetryMs, lease);
      expired.push(lease.id);
    }
    return expired;
  }

  /** When {@link takeExpired} may next have something; Infinity when never. */
  nextExpiryMs(): number {
    return this.expiries.peek()?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Leases whose remaining TTL is to be written through raft, at most `limit`. */
  takeCheckpoints(nowMs: number, limit: number): LeaseRecord[] {
    const due: LeaseRecord[] = [];
    while (due.length < limit) {
      const top = this.checkpoints.peek();
      if (top === undefined || top.atMs > nowMs) break;
      this.checkpoints.pop();
      const lease = top.item;
      if (this.leases.get(lease.id) !== lease || lease.expiresAtMs <= nowMs) continue;
      const remainingTtlSeconds = Math.ceil((lease.expiresAtMs - nowMs) / 1000);
      if (remainingTtlSeconds >= lease.ttlSeconds) {
        this.scheduleCheckpoint(lease, nowMs);
        continue;
      }
      due.push({ id: lease.id, ttlSeconds: lease.ttlSeconds, remainingTtlSeconds });
    }
    return due;
  }

  invariants(): void {
    for (const [name, lease] of this.keyOwners) {
      assert(lease.keys?.has(name) === true, "a key's lease knows the key");
      assert(this.leases.get(lease.id) === lease, "a key hangs on a lease that exists");
    }
    let attached = 0;
    for (const lease of this.leases.values()) attached += lease.keys?.size ?? 0;
    assert(attached === this.keyOwners.size, "keys of leases and owners of keys say the same");
    assert(
      !this.primary || this.expiries.size >= this.leases.size,
      "every lease of the primary has a deadline",
    );
  }

  describe(): string {
    return `leases=${this.leases.size} keys=${this.keyOwners.size} primary=${this.primary}`;
  }

  private tellRemoved(id: bigint): void {
    const waiting = this.removalWaiters.get(id);
    if (waiting === undefined) return;
    this.removalWaiters.delete(id);
    for (const then of waiting) then();
  }

  private schedule(lease: Lease, nowMs: number, extendMs: number): void {
    lease.expiresAtMs = nowMs + extendMs + remainingSecondsOf(lease) * 1000;
    this.expiries.push(lease.expiresAtMs, lease);
    this.scheduleCheckpoint(lease, nowMs);
  }

  private scheduleCheckpoint(lease: Lease, nowMs: number): void {
    const interval = this.options.checkpointIntervalMs;
    if (interval !== undefined && remainingSecondsOf(lease) * 1000 > interval) {
      this.checkpoints.push(nowMs + interval, lease);
    }
  }
}

function newLease(id: bigint, ttlSeconds: number, remainingTtlSeconds: number): Lease {
  return {
    id,
    ttlSeconds,
    remainingTtlSeconds,
    expiresAtMs: Number.POSITIVE_INFINITY,
    revoking: false,
    keys: undefined,
  };
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
