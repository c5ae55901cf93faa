import assert from "node:assert/strict";
import { test } from "node:test";
import { keyBytes } from "@etcd-ts/base";
import { ERRORS } from "@etcd-ts/proto";
import { type LeaseRecord, Lessor, type LessorOptions } from "./lessor.ts";

class StoredLeases {
  readonly records = new Map<bigint, LeaseRecord>();
  putLease(record: LeaseRecord): void {
    this.records.set(record.id, record);
  }
  deleteLease(id: bigint): void {
    this.records.delete(id);
  }
}

function lessorWith(options: Partial<LessorOptions> = {}): { lessor: Lessor; stored: StoredLeases } {
  const stored = new StoredLeases();
  const lessor = new Lessor(stored, {
    ttlSecondsMin: 2,
    revokeRetryMs: 7000,
    checkpointIntervalMs: undefined,
    persistsCheckpoints: () => true,
    ...options,
  });
  return { lessor, stored };
}

test("a TTL below the minimum is raised to it, one above the maximum refused", () => {
  const { lessor } = lessorWith();
  assert.deepEqual(lessor.grant(1n, -5, 0), { ok: true, ttlSeconds: 2 });
  assert.deepEqual(lessor.grant(2n, 9_000_000_001, 0), { ok: false, error: ERRORS.leaseTtlTooLarge });
  assert.deepEqual(lessor.grant(1n, 5, 0), { ok: false, error: ERRORS.leaseExist });
});

test("only the primary lets leases expire, and never before their TTL", () => {
  const { lessor } = lessorWith();
  lessor.grant(1n, 10, 0);
  assert.deepEqual(lessor.takeExpired(1e9, 10), []);
  lessor.promote(1000, 1000);
  assert.deepEqual(lessor.takeExpired(11_999, 10), []);
  assert.deepEqual(lessor.takeExpired(12_000, 10), [1n]);
});

test("a renewed lease expires a whole TTL after its renewal", () => {
  const { lessor } = lessorWith();
  lessor.promote(0, 0);
  lessor.grant(1n, 10, 0);
  assert.deepEqual(lessor.renew(1n, 9_000), 10);
  assert.deepEqual(lessor.takeExpired(18_999, 10), []);
  assert.deepEqual(lessor.takeExpired(19_000, 10), [1n]);
  assert.deepEqual(lessor.renew(1n, 19_000), "expired");
});

test("an expired lease that is not revoked is due again after the retry time, until it is removed", () => {
  const { lessor } = lessorWith();
  lessor.promote(0, 0);
  lessor.grant(1n, 2, 0);
  assert.deepEqual(lessor.takeExpired(2000, 10), [1n]);
  assert.deepEqual(lessor.takeExpired(8999, 10), []);
  assert.deepEqual(lessor.takeExpired(9000, 10), [1n]);
  assert.equal(lessor.remove(1n), true);
  assert.deepEqual(lessor.takeExpired(1e6, 10), []);
  assert.equal(lessor.remove(1n), false);
});

test("a new primary starts from the checkpointed remainder plus the election time-out", () => {
  const { lessor } = lessorWith();
  lessor.restore({ id: 7n, ttlSeconds: 600, remainingTtlSeconds: 30 });
  lessor.promote(0, 1000);
  assert.equal(lessor.status(7n, 0)?.remainingSeconds, 31);
  assert.deepEqual(lessor.takeExpired(30_999, 10), []);
  assert.deepEqual(lessor.renew(7n, 5000), "checkpointed");
  lessor.checkpoint(7n, 0);
  assert.deepEqual(lessor.renew(7n, 5000), 600);
});

test("checkpoints are due for what lives longer than the interval", () => {
  const { lessor, stored } = lessorWith({ checkpointIntervalMs: 300_000 });
  lessor.promote(0, 0);
  lessor.grant(1n, 600, 0);
  lessor.grant(2n, 100, 0);
  assert.deepEqual(lessor.takeCheckpoints(299_999, 10), []);
  assert.deepEqual(lessor.takeCheckpoints(300_000, 10), [
    { id: 1n, ttlSeconds: 600, remainingTtlSeconds: 300 },
  ]);
  lessor.checkpoint(1n, 300);
  assert.equal(stored.records.get(1n)?.remainingTtlSeconds, 300);
  assert.equal(lessor.nextCheckpointMs(), Number.POSITIVE_INFINITY);
  lessor.invariants();
});

test("a lease that is kept alive is not checkpointed, one whose checkpoint was lost is again", () => {
  const { lessor } = lessorWith({ checkpointIntervalMs: 300_000 });
  lessor.promote(0, 0);
  lessor.grant(1n, 900, 0);
  lessor.renew(1n, 200_000);
  assert.deepEqual(lessor.takeCheckpoints(300_000, 10), []);
  const due = { id: 1n, ttlSeconds: 900, remainingTtlSeconds: 600 };
  assert.deepEqual(lessor.takeCheckpoints(500_000, 10), [due]);
  assert.deepEqual(lessor.takeCheckpoints(500_001, 10), []);
  assert.deepEqual(lessor.takeCheckpoints(800_000, 10), [{ ...due, remainingTtlSeconds: 300 }]);
  lessor.checkpoint(1n, 300);
  assert.deepEqual(lessor.takeCheckpoints(1e9, 10), []);
});

test("checkpoints are kept in the database only where the cluster knows a place for them", () => {
  const { lessor, stored } = lessorWith({ persistsCheckpoints: () => false });
  lessor.grant(1n, 900, 0);
  lessor.checkpoint(1n, 10);
  assert.equal(stored.records.get(1n)?.remainingTtlSeconds, 0);
  lessor.promote(0, 0);
  assert.equal(lessor.status(1n, 0)?.remainingSeconds, 10);
});

test("who is not primary renews nothing, and tells those who wait for a removal", () => {
  const { lessor } = lessorWith();
  lessor.grant(1n, 10, 0);
  assert.equal(lessor.renew(1n, 0), "not-primary");
  lessor.promote(0, 0);
  assert.equal(lessor.renew(1n, 10_000), "expired");
  const told: boolean[] = [];
  lessor.whenRemoved(1n, (gone) => told.push(gone));
  lessor.demote();
  lessor.demote();
  assert.deepEqual(told, [false]);
  lessor.promote(20_000, 0);
  lessor.whenRemoved(1n, (gone) => told.push(gone));
  lessor.remove(1n);
  assert.deepEqual(told, [false, true]);
  lessor.invariants();
});

test("a renewal counts from itself, whatever a new primary had given on top", () => {
  const { lessor } = lessorWith();
  lessor.grant(1n, 10, 0);
  lessor.promote(0, 5000);
  assert.equal(lessor.renew(1n, 1000), 10);
  assert.equal(lessor.nextExpiryMs(), 11_000);
  lessor.invariants();
});

test("leases that are granted and revoked leave nothing behind", () => {
  const { lessor } = lessorWith({ checkpointIntervalMs: 1000 });
  lessor.promote(0, 0);
  for (let id = 1n; id <= 100n; id++) {
    lessor.grant(id, 1_000_000, 0);
    lessor.remove(id);
  }
  assert.equal(lessor.nextExpiryMs(), Number.POSITIVE_INFINITY);
  assert.equal(lessor.nextCheckpointMs(), Number.POSITIVE_INFINITY);
  lessor.invariants();
});

test("the time that is left is told in whole seconds, also when the deadline has passed", () => {
  const { lessor } = lessorWith();
  lessor.promote(0, 0);
  lessor.grant(1n, 2, 0);
  const left = [1, 1001, 2000, 2999, 3000].map((nowMs) => lessor.status(1n, nowMs)?.remainingSeconds);
  assert.deepEqual(left, [1, 0, 0, 0, -1]);
});

test("many leases that would expire together are spread by a new primary, none earlier", () => {
  const { lessor } = lessorWith();
  for (let id = 1n; id <= 30_000n; id++) lessor.restore({ id, ttlSeconds: 10, remainingTtlSeconds: 0 });
  lessor.promote(0, 0);
  assert.equal(lessor.takeExpired(9_999, 50_000).length, 0);
  const firstSecond = lessor.takeExpired(10_999, 50_000).length;
  assert.ok(firstSecond > 9_900 && firstSecond <= 10_000, `${firstSecond}`);
  assert.equal(lessor.takeExpired(13_000, 50_000).length, 30_000 - firstSecond);
});

test("a key hangs on one lease; what is detached is no longer listed", () => {
  const { lessor } = lessorWith();
  lessor.grant(1n, 10, 0);
  lessor.grant(2n, 10, 0);
  for (const key of ["b", "a"]) lessor.attach(1n, keyBytes(key));
  lessor.detach(1n, keyBytes("a"));
  lessor.attach(2n, keyBytes("a"));
  assert.deepEqual(lessor.keysOf(1n), ["b"]);
  assert.deepEqual(lessor.keysOf(2n), ["a"]);
  lessor.invariants();
});

test("the keys of a lease that ends are taken from it in their order, once", () => {
  const { lessor } = lessorWith();
  lessor.grant(1n, 10, 0);
  assert.deepEqual(lessor.takeKeys(1n), []);
  for (const key of ["b", "a", "c"]) lessor.attach(1n, keyBytes(key));
  lessor.detach(1n, keyBytes("c"));
  assert.deepEqual(lessor.takeKeys(1n), ["a", "b"]);
  lessor.detach(1n, keyBytes("a"));
  assert.deepEqual(lessor.keysOf(1n), []);
  assert.equal(lessor.takeKeys(2n), undefined);
});
