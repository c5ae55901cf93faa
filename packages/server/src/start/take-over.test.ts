import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { utf8Bytes } from "@etcd-ts/base";
import {
  ConfChangeType,
  createInternalRaftRequest,
  createV2Request,
  Entry,
  EntryType,
  encodeConfChange,
  encodeInternalRaftRequest,
  encodeV2Request,
  RaftRequestField,
} from "@etcd-ts/proto";
import type { BucketName, OpenedDatabase } from "@etcd-ts/storage";
import { encodeMemberRecord, type MemberRecord } from "../membership/member-record.ts";
import { NO_MEMBERS } from "./log-membership.ts";
import { type FoundLog, inspect } from "./take-over.ts";

const OWN: MemberRecord = {
  id: 7n,
  peerUrls: ["http://a:2380"],
  isLearner: false,
  name: "a",
  clientUrls: [],
};
const OTHER: MemberRecord = { ...OWN, id: 8n, peerUrls: ["http://b:2380"], name: "b" };

type Pairs = readonly (readonly [BucketName, string, string | Uint8Array])[];

function database(consistentIndex: number, term: number, pairs: Pairs): OpenedDatabase {
  const small = pairs.map(([bucket, key, value]) => ({
    bucket,
    key: utf8Bytes(key),
    value: typeof value === "string" ? utf8Bytes(value) : value,
  }));
  return {
    path: "db",
    file: 1,
    transaction: 2,
    root: 3,
    highWaterMark: 4,
    size: 0,
    sizeInUse: 0,
    pageBytes: 4096,
    created: false,
    missingBuckets: [],
    small,
    consistentIndex,
    term,
  };
}

function members(...records: readonly MemberRecord[]): Pairs {
  return records.map((record) => ["members", record.id.toString(16), encodeMemberRecord(record)]);
}

function addition(index: number, member: MemberRecord): Entry {
  const context = utf8Bytes(encodeMemberRecord(member));
  const change = { id: 0n, type: ConfChangeType.AddNode, nodeId: member.id, context };
  return new Entry(EntryType.ConfChange, 1, index, encodeConfChange(change));
}

function v2Put(index: number, path: string, val: string): Entry {
  return new Entry(
    EntryType.Normal,
    2,
    index,
    encodeV2Request(createV2Request({ id: 5n, method: "PUT", path, val })),
  );
}

function request(index: number, field: number): Entry {
  return new Entry(
    EntryType.Normal,
    2,
    index,
    encodeInternalRaftRequest(createInternalRaftRequest({ idLo: 1, field })),
  );
}

function leaderEntry(index: number): Entry {
  return new Entry(EntryType.Normal, 2, index, undefined);
}

function log(entries: readonly Entry[], snapshot = { index: 0, term: 0 }): FoundLog {
  const commit = snapshot.index + entries.length;
  return {
    metadata: { nodeId: OWN.id, clusterId: 9n },
    hardState: { term: 2, vote: OWN.id, commit },
    entries: [...entries],
    snapshot,
  };
}

const START = [addition(1, { ...OWN, name: "a" }), leaderEntry(2)];
const noStore = () => assert.fail("the v2 store is not asked for");

function refusal(found: FoundLog, opened: OpenedDatabase): string {
  try {
    inspect(found, opened, noStore);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("taking over a directory", () => {
  test("of today asks for nothing", () => {
    const taken = inspect(log(START), database(2, 2, members(OWN)), noStore);
    assert.deepEqual(taken, { membership: undefined, snapshotIndex: 0 });
  });

  test("v2 requests in the log ask for a snapshot past them, applied or not", () => {
    const entries = [
      ...START,
      v2Put(3, "/0/members/7/attributes", '{"name":"a"}'),
      v2Put(4, "/0/version", "3.5.0"),
    ];
    for (const index of [2, 3, 4]) {
      const taken = inspect(log([...entries, leaderEntry(5)]), database(index, 2, members(OWN)), noStore);
      assert.equal(taken.snapshotIndex, 4);
    }
  });

  test("a database without a term has its members from the log", () => {
    const entries = [
      ...START,
      v2Put(3, "/0/members/7/attributes", '{"name":"late","clientURLs":["http://a:2379"]}'),
      v2Put(4, "/0/version", "3.4.0"),
      leaderEntry(5),
    ];
    const taken = inspect(log(entries), database(5, 0, members(OTHER)), noStore);
    assert.deepEqual(taken.membership, {
      members: [{ ...OWN, name: "late", clientUrls: ["http://a:2379"] }],
      removed: [],
      version: "3.4.0",
    });
  });

  test("or from the v2 store of the snapshot that the log begins with", () => {
    const store = { members: [OWN], removed: [8n], version: "3.4.0" };
    const found = log([leaderEntry(11)], { index: 10, term: 2 });
    assert.deepEqual(inspect(found, database(11, 0, []), () => store).membership, store);
    assert.deepEqual(inspect(found, database(11, 2, members(OWN)), noStore).membership, undefined);
  });

  test("members of entries above the database's index do not count yet", () => {
    const found = log(START);
    assert.equal(inspect(found, database(0, 0, []), () => NO_MEMBERS).membership, undefined);
  });

  test("of several members is refused", () => {
    const several = /the cluster has several members \(7, 8/;
    assert.match(refusal(log(START), database(2, 2, members(OWN, OTHER))), several);
    assert.match(refusal(log([...START, addition(3, OTHER)]), database(2, 2, members(OWN))), several);
  });

  test("of one member that had others for a while is taken", () => {
    const removal = encodeConfChange({
      id: 0n,
      type: ConfChangeType.RemoveNode,
      nodeId: 8n,
      context: undefined,
    });
    const entries = [...START, addition(3, OTHER), new Entry(EntryType.ConfChange, 2, 4, removal)];
    assert.equal(refusal(log(entries), database(2, 2, members(OWN))), "accepted");
  });

  test("of another member, or of one that was removed, is refused", () => {
    assert.match(
      refusal(log(START), database(2, 2, members(OTHER))),
      /the log is of member 7, but the database knows only 8/,
    );
    const removed: Pairs = [...members(OTHER), ["members_removed", "7", "removed"]];
    assert.match(refusal(log(START), database(2, 2, removed)), /permanently removed/);
  });

  test("with users' rights is refused, in the database or in an entry to come", () => {
    const enabled: Pairs = [...members(OWN), ["auth", "authEnabled", Uint8Array.of(1)]];
    assert.match(refusal(log(START), database(2, 2, enabled)), /auth is enabled/);
    const disabled: Pairs = [...members(OWN), ["auth", "authEnabled", Uint8Array.of(0)]];
    assert.equal(refusal(log(START), database(2, 2, disabled)), "accepted");
    const found = log([...START, request(3, RaftRequestField.authEnable)]);
    assert.match(refusal(found, database(2, 2, members(OWN))), /entry at index 3 .* kind 1000/);
    assert.equal(refusal(found, database(3, 2, members(OWN))), "accepted");
  });

  test("of a later release is refused", () => {
    const layout: Pairs = [...members(OWN), ["meta", "storageVersion", "3.8.0"]];
    assert.equal(refusal(log(START), database(2, 2, layout)), 'version "3.8.0" is not supported');
    const cluster: Pairs = [...members(OWN), ["cluster", "clusterVersion", "3.8.0"]];
    assert.match(refusal(log(START), database(2, 2, cluster)), /invalid downgrade/);
    assert.match(
      refusal(log([...START, v2Put(3, "/0/version", "3.8.0")]), database(2, 2, members(OWN))),
      /invalid downgrade/,
    );
  });

  test("whose database and log do not belong together is refused", () => {
    assert.match(refusal(log(START), database(3, 2, members(OWN))), /at index 3, but the log ends at 2/);
    assert.match(
      refusal(log(START), database(2, 3, members(OWN))),
      /index 2 of term 3, where the log has term 2/,
    );
    const compacted = log([leaderEntry(11)], { index: 10, term: 2 });
    assert.match(refusal(compacted, database(9, 2, members(OWN))), /does not match with the snapshot/);
    assert.match(refusal(compacted, database(10, 1, members(OWN))), /index 10 of term 1/);
  });

  test("with a v2 request that no release applies is refused", () => {
    const found = log([...START, v2Put(3, "/1/users-key", "x")]);
    assert.match(refusal(found, database(2, 2, members(OWN))), /PUT \/1\/users-key/);
  });
});
