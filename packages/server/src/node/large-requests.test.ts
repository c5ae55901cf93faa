/** Requests that take many turns, and what goes on beside them. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { utf8Bytes } from "@etcd-ts/base";
import {
  CompactionRequestCodec,
  createCompactionRequest,
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  DeleteRangeRequestCodec,
  decodeRangeResponse,
  PutRequestCodec,
  RaftRequestField,
  type RangeResponse,
} from "@etcd-ts/proto";
import { LocalRead } from "../concurrency/local-read.ts";
import { APPLY_SLICE_KEYS, LoneMember } from "../testing/lone-member.ts";

const KEYS = 5 * APPLY_SLICE_KEYS;
const [FIRST, BEHIND] = [utf8Bytes("k"), utf8Bytes("l")];

let lone: LoneMember;

beforeEach(() => {
  lone = new LoneMember();
  for (let i = 0; i < KEYS; i++) {
    const put = createPutRequest({ key: utf8Bytes(`k${i}`), value: utf8Bytes("v") });
    lone.propose(RaftRequestField.put, PutRequestCodec, put);
  }
  lone.settle();
});

test("linearizable reads see the store as it was while a large delete is applied", () => {
  const request = createDeleteRangeRequest({ key: FIRST, rangeEnd: BEHIND });
  const deletion = lone.propose(RaftRequestField.deleteRange, DeleteRangeRequestCodec, request);
  const counts: number[] = [];
  while (!deletion.ended) {
    lone.turn();
    const read = readAll();
    if (!deletion.ended) counts.push(Number(read()?.count));
  }
  assert.ok(counts.length >= KEYS / APPLY_SLICE_KEYS - 1, "the delete takes several turns");
  assert.deepEqual(new Set(counts), new Set([KEYS]));
  assert.equal(readAll()()?.count, 0);
});

test("who asked for a physical compaction waits for it, however long it takes", () => {
  const { member } = lone;
  const request = createDeleteRangeRequest({ key: FIRST, rangeEnd: BEHIND });
  lone.propose(RaftRequestField.deleteRange, DeleteRangeRequestCodec, request);
  lone.settle();
  // A read that is not closed holds the removal up.
  const pinning = member.store.range(createRangeRequest({ key: FIRST, rangeEnd: BEHIND, revision: 3 }));
  assert.equal(pinning.run(1), "more");
  const compaction = lone.propose(
    RaftRequestField.compaction,
    CompactionRequestCodec,
    createCompactionRequest({ revision: member.store.currentRevision, physical: true }),
  );
  lone.pass(60_000);
  assert.equal(compaction.ended, false);
  pinning.close();
  lone.pass(1000);
  assert.deepEqual(compaction, { ended: true, error: undefined });
});

/** Reads all keys, as a client would; returns what the answer is, once it is there. */
function readAll(): () => RangeResponse | undefined {
  let answer: RangeResponse | undefined;
  const request = createRangeRequest({ key: FIRST, rangeEnd: BEHIND, countOnly: true });
  const read = new LocalRead(lone.member.store, request, decodeRangeResponse, (outcome) => {
    assert.ok(outcome.ok);
    answer = outcome.value;
  });
  lone.member.read(read);
  return () => answer;
}
