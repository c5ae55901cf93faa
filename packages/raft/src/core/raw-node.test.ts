import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import {
  ConfChangeType,
  EMPTY_CONF_STATE,
  Entry,
  EntryType,
  isEmptyHardState,
  Message,
  MessageType,
} from "@etcd-ts/proto";
import {
  describeMessage,
  MemoryStorage,
  PROPOSAL_DROPPED,
  type RaftConfig,
  RawNode,
  STEP_LOCAL_MESSAGE,
} from "../index.ts";
import { STEP_PEER_NOT_FOUND } from "./refusal.ts";

const TIMING = { electionTicks: 10, heartbeatTicks: 1, inflightMessagesMax: 16 };
const data = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

interface Fixture {
  readonly node: RawNode;
  readonly storage: MemoryStorage;
  readonly applied: Entry[];
  readonly sent: Message[];
}

function fixture(voters: readonly bigint[], options: Partial<RaftConfig> = {}): Fixture {
  const storage = new MemoryStorage();
  if (voters.length > 0) {
    const metadata = { confState: { ...EMPTY_CONF_STATE, voters }, index: 1, term: 1 };
    storage.applySnapshot({ data: undefined, metadata });
    storage.setHardState({ term: 1, vote: 0n, commit: 1 });
  }
  const config = {
    id: 1n,
    storage,
    random: new SeededRandom(1),
    asyncStorageWrites: true,
    ...TIMING,
    ...options,
  };
  return { node: new RawNode(config), storage, applied: [], sent: [] };
}

/** Writes, applies and answers at once until there is nothing to do. */
function settle({ node, storage, applied, sent }: Fixture): void {
  while (node.hasReady()) {
    for (const message of node.ready().messages) {
      if (message.type === MessageType.StorageAppend) {
        storage.append(message.entries);
        if (!isEmptyHardState(message)) storage.setHardState(node.hardState());
      } else if (message.type === MessageType.StorageApply) {
        applied.push(...message.entries);
      } else {
        sent.push(message);
      }
      for (const response of message.responses) {
        if (response.to === 1n) node.step(response);
        else sent.push(response);
      }
    }
    node.invariants();
  }
}

test("a new cluster of one bootstraps, elects itself and keeps the decoded form with the entry", () => {
  const it = fixture([]);
  it.node.bootstrap([{ id: 1n, context: data("me") }]);
  settle(it);
  assert.equal(it.applied[0]?.type, EntryType.ConfChange);
  it.node.campaign();
  settle(it);
  const decoded = { request: "put" };
  assert.equal(it.node.propose(data("a"), decoded), undefined);
  settle(it);
  const last = it.applied.at(-1)!;
  assert.equal(last.decoded, decoded);
  assert.deepEqual([last.term, last.index], [2, 3]);
  assert.deepEqual(it.node.status().hardState, { term: 2, vote: 1n, commit: 3 });
});

test("many entries are one append", () => {
  const it = fixture([1n]);
  it.node.campaign();
  settle(it);
  const entries = ["a", "b", "c"].map((text) => new Entry(EntryType.Normal, 0, 0, data(text)));
  it.node.proposeEntries(entries);
  const [append] = it.node.ready().messages;
  assert.equal(append?.entries.length, 3);
  assert.equal(append.entries[2], entries[2]);
});

test("what came from elsewhere is appended as a copy", () => {
  const it = fixture([1n, 2n]);
  it.node.campaign();
  settle(it);
  const vote = new Message(MessageType.VoteResp, 1n, 2n);
  vote.term = 2;
  it.node.step(vote);
  const entry = new Entry(EntryType.Normal, 0, 0, data("a"));
  const proposal = new Message(MessageType.Prop, 1n, 2n);
  proposal.entries = [entry];
  it.node.step(proposal);
  it.node.step(proposal);
  assert.deepEqual([entry.term, entry.index], [0, 0]);
  assert.equal(it.node.raft.log.lastIndex(), 4);
});

test("proposals beyond the limit of uncommitted payload are dropped, all or none", () => {
  const it = fixture([1n, 2n], { uncommittedBytesMax: 10 });
  it.node.campaign();
  settle(it);
  const vote = new Message(MessageType.VoteResp, 1n, 2n);
  vote.term = 2;
  it.node.step(vote);
  assert.equal(it.node.propose(data("much more than ten bytes")), undefined);
  assert.equal(it.node.propose(data("a")), PROPOSAL_DROPPED);
  assert.equal(it.node.propose(new Uint8Array(0)), undefined);
});

test("an only voter answers reads after the first commit of its term, not before", () => {
  const it = fixture([1n]);
  it.node.campaign();
  while (it.node.raft.state !== "StateLeader") {
    for (const { responses } of it.node.ready().messages)
      for (const response of responses) it.node.step(response);
  }
  it.node.readIndex(data("early"));
  assert.deepEqual(it.node.raft.readStates, []);
  const [append] = it.node.ready().messages;
  it.storage.append(append!.entries);
  for (const response of append!.responses) it.node.step(response);
  it.node.readIndex(data("late"));
  const { readStates } = it.node.ready();
  assert.deepEqual(
    readStates.map(({ index, context }) => `${index} ${Buffer.from(context ?? []).toString()}`),
    ["2 early", "2 late"],
  );
});

test("local messages and answers of strangers are refused", () => {
  const it = fixture([1n, 2n]);
  assert.equal(it.node.step(new Message(MessageType.Hup, 1n, 2n)), STEP_LOCAL_MESSAGE);
  assert.equal(it.node.step(new Message(MessageType.AppResp, 1n, 9n)), STEP_PEER_NOT_FOUND);
  assert.equal(it.node.propose(data("a")), PROPOSAL_DROPPED);
});

test("with asynchronous writes a candidate asks for votes after its own is on the disk", () => {
  const it = fixture([1n, 2n]);
  it.node.campaign();
  const { messages } = it.node.ready();
  assert.deepEqual(
    messages.map((message) => message.type),
    [MessageType.StorageAppend],
  );
  const answers = messages[0]!.responses.map((message) => describeMessage(message));
  assert.deepEqual(answers, ["1->1 MsgVoteResp Term:2 Log:0/0", "1->2 MsgVote Term:2 Log:1/1"]);
});

test("a change of membership is proposed, applied and reported", () => {
  const it = fixture([1n]);
  it.node.campaign();
  settle(it);
  const change = { id: 7n, type: ConfChangeType.AddLearnerNode, nodeId: 2n, context: undefined };
  assert.equal(it.node.proposeConfChange(change), undefined);
  settle(it);
  assert.deepEqual(it.node.applyConfChange(change).learners, [2n]);
  assert.deepEqual(
    it.node.status().progress.map((progress) => `${progress.id} ${progress.describe()}`),
    ["1 StateReplicate match=3 next=4", "2 StateProbe match=0 next=3 learner paused"],
  );
});

test("a configuration that makes no sense is refused", () => {
  const refused = (options: Partial<RaftConfig>, why: RegExp): void => {
    assert.throws(() => fixture([1n], options), why);
  };
  refused({ id: 0n }, /none as id/);
  refused({ id: 2n ** 64n - 1n }, /local target/);
  refused({ electionTicks: 1 }, /election tick/);
  refused({ heartbeatTicks: 0 }, /heartbeat tick/);
  refused({ inflightMessagesMax: 0 }, /inflight messages/);
  refused({ inflightBytesMax: 1, messageBytesMax: 2 }, /inflight bytes/);
  refused({ readOnly: "lease-based" }, /CheckQuorum/);
});
