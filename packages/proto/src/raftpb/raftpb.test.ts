import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ConfChangeTransition,
  ConfChangeType,
  type ConfState,
  decodeConfChange,
  decodeConfChangeV2,
  decodeConfState,
  decodeEntry,
  decodeHardState,
  decodeMessage,
  decodeSnapshot,
  EMPTY_CONF_STATE,
  EMPTY_SNAPSHOT,
  Entry,
  EntryType,
  encodeConfChange,
  encodeConfChangeV2,
  encodeConfState,
  encodeEntry,
  encodeHardState,
  encodeMessage,
  encodeSnapshot,
  Message,
  MessageType,
  RaftpbError,
} from "./index.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

const MEMBER = 0x628ed94ad692e8a1n;
const CONTEXT = `{"id":7101852577860610209,"peerURLs":["http://127.0.0.1:23800"],"name":"n1"}`;
const BOOTSTRAP_ENTRY = `080110011801225c0800100018a1d1cbb4ada9b6c762224c${Buffer.from(CONTEXT).toString("hex")}`;

test("a member's first entry is written as a real member wrote it", () => {
  const change = {
    id: 0n,
    type: ConfChangeType.AddNode,
    nodeId: MEMBER,
    context: new Uint8Array(Buffer.from(CONTEXT)),
  };
  const entry = new Entry(EntryType.ConfChange, 1, 1, encodeConfChange(change));
  assert.equal(hex(encodeEntry(entry)), BOOTSTRAP_ENTRY);
  const back = decodeEntry(bytes(BOOTSTRAP_ENTRY));
  assert.deepEqual(back, entry);
  assert.deepEqual(decodeConfChange(back.data!), change);
});

test("golden bytes of small messages", () => {
  assert.equal(hex(encodeEntry(new Entry(EntryType.Normal, 2, 2, undefined))), "080010021802");
  assert.equal(hex(encodeEntry(new Entry(EntryType.Normal, 2, 2, new Uint8Array(0)))), "0800100218022200");
  assert.equal(
    hex(encodeHardState({ term: 2, vote: MEMBER, commit: 3 })),
    "0802" + "10a1d1cbb4ada9b6c762" + "1803",
  );
  assert.equal(hex(encodeSnapshot(EMPTY_SNAPSHOT)), "12080a02280010001800");
  assert.equal(hex(encodeConfState(EMPTY_CONF_STATE)), "2800");
  const joint = {
    voters: [1n, 2n],
    learners: [3n],
    votersOutgoing: [1n],
    learnersNext: [4n],
    autoLeave: true,
  };
  assert.equal(hex(encodeConfState(joint)), "08010802" + "1003" + "1801" + "2004" + "2801");
  const v2 = {
    transition: ConfChangeTransition.JointExplicit,
    changes: [{ type: ConfChangeType.AddLearnerNode, nodeId: 300n }],
    context: undefined,
  };
  assert.equal(hex(encodeConfChangeV2(v2)), "0802" + "1205" + "0803" + "10ac02");
  assert.deepEqual(decodeConfChangeV2(encodeConfChangeV2(v2)), v2);
});

test("golden bytes of a message", () => {
  const message = new Message(MessageType.App, 2n, 1n);
  message.term = 5;
  message.logTerm = 4;
  message.index = 300;
  message.commit = 299;
  message.entries = [new Entry(EntryType.Normal, 5, 301, bytes("6162"))];
  const form36 =
    "0803 1002 1801 2005 2804 30ac02" + "3a0b 0800 1005 18ad02 2202 6162" + "40ab02" + "5000 5800 6800";
  assert.equal(hex(encodeMessage(message)), form36.replaceAll(" ", ""));
  assert.deepEqual(decodeMessage(bytes(form36)), message);
  const form35 = form36.replace("5000", "4a0a 1208 0a022800 1000 1800 5000").replace("6800", "");
  assert.deepEqual(decodeMessage(bytes(form35)).snapshot, {
    data: undefined,
    metadata: { confState: { ...EMPTY_CONF_STATE }, index: 0, term: 0 },
  });
  const form37 = "0803 1002 1801 2005 2804 30ac02" + "3a09 1005 18ad02 2202 6162" + "40ab02";
  assert.deepEqual(decodeMessage(bytes(form37)), message);
});

test("missing scalars read as zero, packed ids and unknown fields are accepted", () => {
  assert.deepEqual(decodeEntry(new Uint8Array(0)), new Entry(EntryType.Normal, 0, 0, undefined));
  assert.deepEqual(decodeHardState(bytes("1003")), { term: 0, vote: 3n, commit: 0 });
  assert.deepEqual(decodeConfState(bytes("0a03 01 ac02")).voters, [1n, 300n]);
  assert.deepEqual(decodeHardState(bytes("0801 1801 7a020102 8201 00 790000000000000000 7d00000000")), {
    term: 1,
    vote: 0n,
    commit: 1,
  });
});

test("malformed input is refused", () => {
  for (const text of [
    "08",
    "0a05",
    "220501",
    "0880",
    "00",
    "0b",
    `08${"ff".repeat(10)}`,
    `18${"ff".repeat(9)}01`,
  ]) {
    assert.throws(() => decodeEntry(bytes(text)), RaftpbError, text);
  }
  let nested = new Message(MessageType.App);
  for (let i = 0; i < 10; i++) {
    const outer = new Message(MessageType.StorageAppend);
    outer.responses = [nested];
    nested = outer;
  }
  assert.throws(() => decodeMessage(encodeMessage(nested)), RaftpbError);
});

const anyId = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const anyNumber = fc.oneof(fc.nat(), fc.maxSafeNat());
const anyBytes = fc.option(fc.uint8Array({ maxLength: 80 }), { nil: undefined });
const anyEntry = fc
  .tuple(fc.constantFrom(0, 1, 2), anyNumber, anyNumber, anyBytes)
  .map(([type, term, index, data]) => new Entry(type as EntryType, term, index, data));
const anyIds = fc.array(anyId, { maxLength: 4 });
const anyConfState: fc.Arbitrary<ConfState> = fc
  .tuple(anyIds, anyIds, anyIds, anyIds, fc.boolean())
  .map(([voters, learners, votersOutgoing, learnersNext, autoLeave]) => ({
    voters,
    learners,
    votersOutgoing,
    learnersNext,
    autoLeave,
  }));
const anySnapshot = fc
  .tuple(anyBytes, anyConfState, anyNumber, anyNumber)
  .map(([data, confState, index, term]) => ({ data, metadata: { confState, index, term } }));
const anyMessage = fc
  .record({
    type: fc.integer({ min: 0, max: 23 }),
    ids: fc.tuple(anyId, anyId, anyId),
    numbers: fc.tuple(anyNumber, anyNumber, anyNumber, anyNumber, anyNumber),
    entries: fc.array(anyEntry, { maxLength: 3 }),
    snapshot: fc.option(anySnapshot, { nil: undefined }),
    reject: fc.boolean(),
    context: anyBytes,
  })
  .map((shape) => {
    const message = new Message(shape.type as MessageType, shape.ids[0], shape.ids[1]);
    message.vote = shape.ids[2];
    [message.term, message.logTerm, message.index, message.commit, message.rejectHint] = shape.numbers;
    message.entries = shape.entries;
    message.snapshot = shape.snapshot;
    message.reject = shape.reject;
    message.context = shape.context;
    return message;
  });

test("what was encoded decodes to the same", () => {
  fc.assert(fc.property(anyEntry, (entry) => assert.deepEqual(decodeEntry(encodeEntry(entry)), entry)));
  fc.assert(fc.property(anySnapshot, (it) => assert.deepEqual(decodeSnapshot(encodeSnapshot(it)), it)));
  fc.assert(
    fc.property(anyMessage, fc.array(anyMessage, { maxLength: 2 }), (message, responses) => {
      message.responses = responses;
      assert.deepEqual(decodeMessage(encodeMessage(message)), message);
    }),
  );
});

test("a truncated or damaged message is refused or decodes, never worse", () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), fc.nat({ max: 255 }), (message, where, value) => {
      const encoded = encodeMessage(message);
      const damaged = encoded.slice();
      damaged[where % damaged.length] = value;
      for (const input of [damaged, encoded.subarray(0, where % encoded.length)]) {
        try {
          decodeMessage(input);
        } catch (error) {
          assert.ok(error instanceof RaftpbError);
        }
      }
    }),
  );
});
