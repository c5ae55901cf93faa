import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Inflights } from "./inflights.ts";
import { Progress } from "./progress.ts";

test("a window is what a list with the same limits would be", () => {
  const anyStep = fc.tuple(fc.boolean(), fc.nat(20), fc.nat(30));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.nat(40),
      fc.array(anyStep),
      (messagesMax, bytesMax, steps) => {
        const window = new Inflights(messagesMax, bytesMax);
        let model: { index: number; bytes: number }[] = [];
        let index = 0;
        for (const [add, distance, bytes] of steps) {
          if (add && !window.full()) {
            index += 1 + distance;
            window.add(index, bytes);
            model.push({ index, bytes });
          } else {
            window.freeTo(index - distance);
            model = model.filter((it) => it.index > index - distance);
          }
          window.invariants();
          const sum = model.reduce((total, it) => total + it.bytes, 0);
          assert.equal(window.count, model.length);
          assert.equal(window.full(), model.length >= messagesMax || (bytesMax > 0 && sum >= bytesMax));
        }
        assert.equal(window.clone().describe(), window.describe());
      },
    ),
  );
});

function progressAt(match: number, next: number): Progress {
  return new Progress(2n, match, next, new Inflights(2, 0), false);
}

test("a probe sends one append and waits; a replica sends until its window is full", () => {
  const progress = progressAt(3, 4);
  progress.sentEntries(2, 10);
  assert.equal(progress.describe(), "StateProbe match=3 next=4 paused inactive");
  assert.ok(progress.maybeUpdate(5));
  progress.becomeReplicate();
  progress.sentEntries(1, 10);
  assert.equal(progress.isPaused(), false);
  progress.sentEntries(3, 10);
  assert.equal(progress.describe(), "StateReplicate match=5 next=10 paused inactive inflight=2[full]");
  progress.invariants();
});

test("a rejection moves next back, but never below what matches, and old ones do nothing", () => {
  const probe = progressAt(3, 10);
  assert.equal(probe.maybeDecreaseTo(5, 4), false);
  assert.ok(probe.maybeDecreaseTo(9, 6));
  assert.equal(probe.next, 7);
  assert.ok(probe.maybeDecreaseTo(6, 0));
  assert.equal(probe.next, 4);
  const replica = progressAt(3, 10);
  replica.becomeReplicate();
  assert.equal(replica.maybeDecreaseTo(3, 1), false);
  assert.ok(replica.maybeDecreaseTo(7, 1));
  assert.equal(replica.next, 4);
});

test("after a snapshot the search goes on behind it, unless it failed", () => {
  const progress = progressAt(1, 2);
  progress.becomeSnapshot(10);
  assert.equal(progress.describe(), "StateSnapshot match=1 next=11 paused pendingSnap=10 inactive");
  progress.invariants();
  const failed = progress.clone();
  progress.becomeProbe();
  assert.equal(progress.next, 11);
  failed.pendingSnapshot = 0;
  failed.becomeProbe();
  assert.equal(failed.next, 2);
});

test("a commit index is worth sending when the follower has entries that it commits", () => {
  const progress = progressAt(5, 6);
  assert.equal(progress.canBumpCommit(0), false);
  assert.equal(progress.canBumpCommit(4), true);
  progress.sentCommit = 5;
  assert.equal(progress.canBumpCommit(9), false);
});
