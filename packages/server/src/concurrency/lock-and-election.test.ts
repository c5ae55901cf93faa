import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { keyBytes, keyString, utf8Bytes, utf8String } from "@etcd-ts/base";
import {
  createCampaignRequest,
  createDeleteRangeRequest,
  createLeaderRequest,
  createLockRequest,
  createProclaimRequest,
  createRangeRequest,
  createResignRequest,
  createUnlockRequest,
  decodeKeyValue,
  ERRORS,
  type LeaderResponse,
  type RangeResponse,
} from "@etcd-ts/proto";
import { LoneMember } from "../testing/lone-member.ts";
import { campaign, currentLeader, observe, proclaim, resign } from "./election.ts";
import { LocalClient } from "./local-client.ts";
import { lock, unlock } from "./lock.ts";
import { type Outcome, type Procedure, Running, result } from "./procedure.ts";

const [FIRST, SECOND, THIRD] = [0xan, 0xbn, 0xcn] as const;

let lone: LoneMember;
let client: LocalClient;

beforeEach(() => {
  lone = new LoneMember();
  client = new LocalClient(lone.member);
  for (const id of [FIRST, SECOND, THIRD]) lone.grant(id, 600);
});

/** A call that may wait. */
class Call<T> {
  outcome: Outcome<T> | undefined;
  readonly running: Running<T>;

  constructor(procedure: Procedure<T>) {
    this.running = new Running(procedure, lone.member, (outcome) => {
      this.outcome = outcome;
    });
  }

  get isWaiting(): boolean {
    return this.outcome === undefined;
  }

  get error(): string | undefined {
    return this.outcome?.ok === false ? this.outcome.error.message : undefined;
  }
}

function begin<T>(procedure: Procedure<T>): Call<T> {
  const call = new Call(procedure);
  lone.settle();
  return call;
}

function ended<T>(procedure: Procedure<T>): T {
  const { outcome } = begin(procedure);
  assert.ok(outcome?.ok === true, "the call is answered");
  return outcome.value;
}

const lockWith = (lease: bigint) => lock(client, createLockRequest({ name: keyBytes("l"), lease }));
const unlockKey = (key: string) => unlock(client, createUnlockRequest({ key: keyBytes(key) }));

function keysUnder(prefix: string): string[] {
  const range = createRangeRequest({ key: keyBytes(prefix), rangeEnd: keyBytes(`${prefix}\xff`) });
  const read = function* (): Procedure<RangeResponse> {
    return yield* result(client.range(range));
  };
  return ended(read()).kvs.map((pair) => keyString(decodeKeyValue(pair).key));
}

describe("a lock", () => {
  test("goes from one to the next in the order of their coming", () => {
    const calls = [FIRST, SECOND, THIRD].map((lease) => begin(lockWith(lease)));
    const held = () => calls.map(({ outcome }) => outcome?.ok);
    assert.deepEqual(held(), [true, undefined, undefined]);
    ended(unlockKey("l/a"));
    assert.deepEqual(held(), [true, true, undefined]);
    ended(unlockKey("l/b"));
    assert.deepEqual(held(), [true, true, true]);
    assert.deepEqual(keysUnder("l/"), ["l/c"]);
  });

  test("is held already by who asks again with the same lease", () => {
    const first = ended(lockWith(FIRST));
    assert.deepEqual(ended(lockWith(FIRST)).key, first.key);
  });

  test("is not waited for any more by who gives up: his place is free, the next waits for the one before", () => {
    ended(lockWith(FIRST));
    const second = begin(lockWith(SECOND));
    const third = begin(lockWith(THIRD));
    second.running.cancel();
    lone.settle();
    assert.deepEqual(keysUnder("l/"), ["l/a", "l/c"]);
    assert.ok(third.isWaiting);
    ended(unlockKey("l/a"));
    assert.equal(third.outcome?.ok, true);
    assert.ok(second.isWaiting);
  });

  test("leaves nothing behind of who gives up before he is in the line", () => {
    const call = new Call(lockWith(FIRST));
    call.running.cancel();
    lone.settle();
    assert.deepEqual(keysUnder("l/"), []);
  });

  test("stays with its holder when a second call with his lease is given up at once", () => {
    ended(lockWith(FIRST));
    const again = new Call(lockWith(FIRST));
    again.running.cancel();
    lone.settle();
    assert.deepEqual(keysUnder("l/"), ["l/a"]);
  });

  test("is not got by who lost his place while he waited", () => {
    ended(lockWith(FIRST));
    const second = begin(lockWith(SECOND));
    ended(unlockKey("l/b"));
    assert.ok(second.isWaiting);
    ended(unlockKey("l/a"));
    assert.equal(second.error, ERRORS.sessionExpired.message);
  });

  test("falls to the next when the lease of its holder ends", () => {
    lone.grant(1n, 5);
    ended(lockWith(1n));
    const second = begin(lockWith(SECOND));
    lone.pass(4900);
    assert.ok(second.isWaiting);
    lone.pass(400);
    assert.equal(second.outcome?.ok, true);
  });

  test("comes with a lease of its own for who names none, and it lasts a minute", () => {
    const { key } = ended(lockWith(0n));
    lone.pass(59_900);
    assert.deepEqual(keysUnder("l/"), [keyString(key)]);
    lone.pass(400);
    assert.deepEqual(keysUnder("l/"), []);
  });

  test("is refused with the text of what refused it", () => {
    assert.equal(begin(lockWith(99n)).error, ERRORS.leaseNotFound.message);
    assert.equal(begin(unlockKey("")).error, ERRORS.emptyKey.message);
  });
});

describe("an election", () => {
  const name = keyBytes("e");
  const candidate = (lease: bigint, value: string) =>
    campaign(client, createCampaignRequest({ name, lease, value: utf8Bytes(value) }));

  test("is won by the first, then by who waited longest", () => {
    const first = ended(candidate(FIRST, "one"));
    const second = begin(candidate(SECOND, "two"));
    const third = begin(candidate(THIRD, "three"));
    assert.deepEqual([second.outcome, third.outcome], [undefined, undefined]);
    ended(resign(client, createResignRequest({ leader: first.leader })));
    assert.equal(second.outcome?.ok, true);
    assert.ok(third.isWaiting);
    const { kv } = ended(currentLeader(client, createLeaderRequest({ name })));
    assert.equal(utf8String(decodeKeyValue(kv!).value), "two");
  });

  test("lets only the leader proclaim", () => {
    const { leader } = ended(candidate(FIRST, "one"));
    ended(proclaim(client, createProclaimRequest({ leader, value: utf8Bytes("more") })));
    ended(resign(client, createResignRequest({ leader })));
    const late = begin(proclaim(client, createProclaimRequest({ leader, value: utf8Bytes("late") })));
    assert.equal(late.error, ERRORS.electionNotLeader.message);
    assert.equal(begin(proclaim(client, createProclaimRequest())).error, ERRORS.leaderFieldMissing.message);
  });

  test("is left by a candidate that gives up", () => {
    ended(candidate(FIRST, "one"));
    const second = begin(candidate(SECOND, "two"));
    second.running.cancel();
    lone.settle();
    assert.deepEqual(keysUnder("e/"), ["e/a"]);
  });

  test("is told to observers: each leader and each proclamation, once, however slow they are", () => {
    const told: string[] = [];
    let takeMore: (() => void) | undefined;
    const tell = function* ({ kv }: LeaderResponse): Procedure<void> {
      const { key, value } = decodeKeyValue(kv!);
      told.push(`${keyString(key)} ${utf8String(value)}`);
      yield* result<void>((settle) => {
        takeMore = () => settle({ ok: true, value: undefined });
        return () => {};
      });
    };
    const observer = begin(observe(client, createLeaderRequest({ name }), tell));
    const { leader } = ended(candidate(FIRST, "one"));
    for (const value of ["uno", "eins"]) {
      ended(proclaim(client, createProclaimRequest({ leader, value: utf8Bytes(value) })));
    }
    begin(candidate(SECOND, "two"));
    ended(resign(client, createResignRequest({ leader })));
    for (let i = 0; i < 6; i++) {
      takeMore?.();
      takeMore = undefined;
      lone.settle();
    }
    assert.deepEqual(told, ["e/a one", "e/a uno", "e/a eins", "e/b two"]);
    assert.equal(lone.member.watches.watcherCount, 1);
    observer.running.cancel();
    lone.settle();
    assert.equal(lone.member.watches.watcherCount, 0);
  });

  test("has no leader while nobody stands", () => {
    const asked = begin(currentLeader(client, createLeaderRequest({ name })));
    assert.equal(asked.error, ERRORS.electionNoLeader.message);
  });
});

test("who waits in line does not mind a compaction", () => {
  ended(lockWith(FIRST));
  const second = begin(lockWith(SECOND));
  lone.member.store.compact(lone.member.store.currentRevision);
  const other = createDeleteRangeRequest({ key: keyBytes("other") });
  client.begin(client.deleteRange(other));
  lone.settle();
  ended(unlockKey("l/a"));
  assert.equal(second.outcome?.ok, true);
});
