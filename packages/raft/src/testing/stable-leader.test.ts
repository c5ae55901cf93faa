import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Raft } from "../core/raft.ts";
import { runDeafMember } from "./stable-leader.ts";
import { Violation } from "./violation.ts";

const anySeed = fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }));

test("a member that hears nobody does not depose the leader", () => {
  fc.assert(fc.property(anySeed, runDeafMember), { numRuns: 100 });
});

test('without "the lease of a leader is respected"', () => {
  const { leaseHolds } = Raft.prototype;
  Raft.prototype.leaseHolds = () => false;
  try {
    assert.throws(
      () => runDeafMember(1),
      (error) => error instanceof Violation && error.property === "stable leader",
    );
  } finally {
    Raft.prototype.leaseHolds = leaseHolds;
  }
  runDeafMember(1);
});
