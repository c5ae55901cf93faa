import assert from "node:assert/strict";
import { test } from "node:test";
import { jointIndex, jointVote, majorityIndex, majorityOf, majorityVote } from "./quorum.ts";

const VOTERS_MAX = 5;

/** All assignments of one of `values` to each of the ids 1..count. */
function* assignments<T>(count: number, values: readonly T[]): Generator<Map<bigint, T>> {
  const total = values.length ** count;
  for (let code = 0; code < total; code++) {
    const map = new Map<bigint, T>();
    for (let i = 0, rest = code; i < count; i++) {
      map.set(BigInt(i + 1), values[rest % values.length]!);
      rest = Math.floor(rest / values.length);
    }
    yield map;
  }
}

function subsets(count: number): Set<bigint>[] {
  return Array.from({ length: 2 ** count }, (_, code) => {
    const ids = Array.from({ length: count }, (_, i) => BigInt(i + 1));
    return new Set(ids.filter((id) => (code >> (Number(id) - 1)) & 1));
  });
}

const acksOf = (map: ReadonlyMap<bigint, number>) => ({
  ackedIndex: (id: bigint): number => map.get(id) ?? 0,
});

/** By the definition: the largest index that a majority has reached. */
function agreedByCounting(voters: ReadonlySet<bigint>, acked: ReadonlyMap<bigint, number>): number {
  for (let index = 10; index > 0; index--) {
    const count = [...voters].filter((id) => (acked.get(id) ?? 0) >= index).length;
    if (count >= majorityOf(voters.size)) return index;
  }
  return 0;
}

test("the committed index of every majority of up to five voters is what counting says", () => {
  for (const voters of subsets(VOTERS_MAX)) {
    if (voters.size === 0) continue;
    for (const acked of assignments(VOTERS_MAX, [0, 1, 2, 3])) {
      assert.equal(majorityIndex(voters, acksOf(acked)), agreedByCounting(voters, acked));
    }
  }
});

test("every joint quorum of up to five voters commits what both halves commit, and wins what both win", () => {
  for (const incoming of subsets(VOTERS_MAX)) {
    for (const outgoing of subsets(VOTERS_MAX)) {
      for (const known of assignments(VOTERS_MAX, [undefined, false, true])) {
        const votes = new Map([...known].filter((it): it is [bigint, boolean] => it[1] !== undefined));
        const halves = [majorityVote(incoming, votes), majorityVote(outgoing, votes)];
        const expected = halves.includes("VoteLost")
          ? "VoteLost"
          : halves.includes("VotePending")
            ? "VotePending"
            : "VoteWon";
        assert.equal(jointVote(incoming, outgoing, votes), expected);
      }
    }
  }
});

test("two quorums of one configuration meet, also when it is joint", () => {
  for (const incoming of subsets(VOTERS_MAX)) {
    for (const outgoing of subsets(VOTERS_MAX)) {
      if (incoming.size === 0) continue;
      for (const split of assignments(VOTERS_MAX, [false, true])) {
        const rest = new Map([...split].map(([id, yes]) => [id, !yes]));
        const both = [jointVote(incoming, outgoing, split), jointVote(incoming, outgoing, rest)];
        assert.ok(!(both[0] === "VoteWon" && both[1] === "VoteWon"));
      }
    }
  }
});

test("an index is committed exactly when the vote about it is won", () => {
  for (const incoming of subsets(4)) {
    for (const outgoing of subsets(4)) {
      if (incoming.size === 0) continue;
      for (const acked of assignments(4, [0, 1, 2])) {
        const index = jointIndex(incoming, outgoing, acksOf(acked));
        const votes = (least: number) => new Map([...acked].map(([id, it]) => [id, it >= least]));
        assert.equal(jointVote(incoming, outgoing, votes(index)), "VoteWon");
        assert.notEqual(jointVote(incoming, outgoing, votes(index + 1)), "VoteWon");
      }
    }
  }
});

test("a vote is pending as long as it can go either way, and final once it cannot", () => {
  for (const voters of subsets(VOTERS_MAX)) {
    for (const known of assignments(VOTERS_MAX, [undefined, false, true])) {
      const votes = new Map([...known].filter((it): it is [bigint, boolean] => it[1] !== undefined));
      const filled = (value: boolean) => new Map([...known].map(([id, it]) => [id, it ?? value]));
      const best = majorityVote(voters, filled(true));
      const worst = majorityVote(voters, filled(false));
      assert.equal(majorityVote(voters, votes), best === worst ? best : "VotePending");
    }
  }
});
