/**
 * The hand-over matrix: one data directory goes from release to release, and to us and back. At each step the program that
 * wrote it and the one that takes it over are started on equal copies of what a stop left, and must tell the same of it.
 *
 * What a directory holds: several segments of the log, values with overflow pages, deleted keys, leases with keys, a member that
 * was removed, an alarm, a compaction scheduled and not finished, a stored free list. `ETCD_TS_LONG=1` stops every chain both
 * ways; otherwise each chain is stopped one way.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { describe, test } from "node:test";
import {
  AlarmRequestCodec,
  CompactionRequestCodec,
  createAlarmRequest,
  createCompactionRequest,
  createDeleteRangeRequest,
  createPutRequest,
  createTxnRequest,
  encodeDeleteRangeRequest,
  encodeTxnRequest,
} from "@etcd-ts/proto";
import { checkDatabase, dataDirectory, InlineStorage, RealDisk } from "@etcd-ts/storage";
import { mustRun } from "./command.ts";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { original, originalOf, ours, withoutOriginal } from "./programs.ts";
import { storeFreeList } from "./stored-free-list.ts";

const RELEASES = ["3.4", "3.5", "3.6", "3.7"] as const;
const SIGNALS = ["SIGTERM", "SIGKILL"] as const;
const IS_LONG = process.env.ETCD_TS_LONG === "1";

const BIG_VALUES = 66;
const BIG_VALUE_BYTES = 1_000_000;
const SMALL_KEYS = 6_000;
const KEYS_PER_TXN = 100;
const DELETERS = 8;
const DELETES_BEFORE_STOP = 200;
const NOSPACE = 1;

describe("hand-over", { skip: withoutOriginal("etcd", "etcdctl", "etcdutl") }, () => {
  for (const [i, release] of RELEASES.entries()) {
    const program = originalOf(release);
    const skip = existsSync(program) ? false : `the original ${release} is not here (${program})`;
    for (const signal of IS_LONG ? SIGNALS : [SIGNALS[i % 2]!]) {
      test(`${release} -> ours -> 3.7 -> ours by ${signal}`, { skip }, () => chain(program, signal));
    }
  }
});

async function chain(first: string, signal: NodeJS.Signals): Promise<void> {
  // By SIGTERM, what was applied goes over in snapshots; by SIGKILL in the log alone.
  const flags = signal === "SIGTERM" ? ["--snapshot-count=500"] : [];
  const member = await Member.create({ program: first, flags });
  try {
    await member.start(first);
    await workOnce(member);
    let writer = first;
    for (const [step, taker] of [ours("etcd"), original("etcd"), ours("etcd")].entries()) {
      const compacting = await workAndStop(member, step, signal);
      if (signal === "SIGKILL")
        assert.notEqual(finishedCompaction(member), compacting, "the compaction is under way");
      if (step === 0) storeFreeList(dataDirectory(member.dataDir).database);
      await checkFile(member);
      await compare(member, writer, taker);
      writer = taker;
    }
    await member.stop(signal);
    await checkFile(member);
  } finally {
    await member.dispose();
  }
}

/** Starts both programs on copies of the directory; the second one stays. */
async function compare(member: Member, writer: string, taker: string): Promise<void> {
  const copy = `${member.dataDir}.copy`;
  cpSync(member.dataDir, copy, { recursive: true });
  await member.start(writer);
  const told = await describeMember(member);
  await member.stop("SIGKILL");
  rmSync(member.dataDir, { recursive: true });
  renameSync(copy, member.dataDir);
  await member.start(taker);
  assert.deepEqual(await describeMember(member), told);
}

// ----- what a directory is made to hold ------------------------------------------------------------------------------

async function workOnce(member: Member): Promise<void> {
  const url = "http://127.0.0.1:1";
  const added = await etcdctl(member, "member", "add", "gone", "--learner", `--peer-urls=${url}`);
  await etcdctl(member, "member", "remove", /Member +([0-9a-f]+) +added/.exec(added)![1]!);
  await withClient(member, async (client) => {
    const value = "v".repeat(BIG_VALUE_BYTES);
    for (let i = 0; i < BIG_VALUES; i++) assert.ok(await client.put(`big/${i % 3}`, value));
  });
}

/** Returns the revision of the compaction that was asked for just before the stop. */
async function workAndStop(member: Member, step: number, signal: NodeJS.Signals): Promise<number> {
  await etcdctl(member, "alarm", "disarm");
  const lease = /lease ([0-9a-f]+)/.exec(await etcdctl(member, "lease", "grant", "3000"))![1]!;
  await etcdctl(member, "put", `--lease=${lease}`, `leased/${step}`, "x");
  const { memberId } = await statusOf(member);
  return withClient(member, async (client) => {
    assert.ok(await client.put(`overflow/${step}`, "o".repeat(20_000)));
    await putSmallKeys(client, step);
    const alarm = createAlarmRequest({ action: 1, memberId, alarm: NOSPACE });
    assert.ok(await client.call("/etcdserverpb.Maintenance/Alarm", AlarmRequestCodec.encode(alarm)));
    return deleteUntilStopped(client, step, member, signal);
  });
}

/** Every key twice, so that a compaction has something to remove. */
async function putSmallKeys(client: KvClient, step: number): Promise<void> {
  for (let i = 0; i < 2 * SMALL_KEYS; i += KEYS_PER_TXN) {
    const success = Array.from({ length: KEYS_PER_TXN }, (_, j) => ({
      case: "requestPut" as const,
      value: createPutRequest({ key: smallKey(step, (i + j) % SMALL_KEYS), value: Buffer.from(`${i + j}`) }),
    }));
    const request = encodeTxnRequest(createTxnRequest({ success }));
    assert.ok(await client.call("/etcdserverpb.KV/Txn", request));
  }
}

/** The alarm refuses puts; deletes go on, and while they do a compaction is asked for, and the process is stopped. */
async function deleteUntilStopped(
  client: KvClient,
  step: number,
  member: Member,
  signal: NodeJS.Signals,
): Promise<number> {
  let next = 0;
  let stopping: Promise<unknown> | undefined;
  const { revision } = await statusOf(member);
  const remove = async (): Promise<void> => {
    for (;;) {
      const request = createDeleteRangeRequest({ key: smallKey(step, next++) });
      const answer = await client.call("/etcdserverpb.KV/DeleteRange", encodeDeleteRangeRequest(request));
      if (answer === undefined || next > SMALL_KEYS - DELETERS) return;
      if (next >= DELETES_BEFORE_STOP) stopping ??= compactAndStop(client, revision, member, signal);
    }
  };
  await Promise.all(Array.from({ length: DELETERS }, remove));
  assert.ok(stopping !== undefined, "the load ended before the member was stopped");
  await stopping;
  return revision;
}

async function compactAndStop(
  client: KvClient,
  revision: number,
  member: Member,
  signal: NodeJS.Signals,
): Promise<void> {
  const request = CompactionRequestCodec.encode(createCompactionRequest({ revision }));
  assert.ok(await client.call("/etcdserverpb.KV/Compact", request));
  await member.stop(signal);
}

function smallKey(step: number, i: number): Buffer {
  return Buffer.from(`small/${step}/${String(i).padStart(5, "0")}`);
}

// ----- what is compared ----------------------------------------------------------------------------------------------

interface Status {
  readonly memberId: bigint;
  readonly revision: number;
}

async function describeMember(member: Member): Promise<unknown> {
  const { revision } = await statusOf(member);
  const leases = (await etcdctl(member, "lease", "list")).split("\n").slice(1).filter(Boolean).sort();
  const keys = leases.map((id) => etcdctl(member, "lease", "timetolive", "--keys", id));
  return {
    revision,
    pairs: await etcdctl(member, "get", "", "--prefix", "--rev", String(revision), "-w", "fields").then(
      withoutHeader,
    ),
    hashes: await Promise.all([0, 1, 50, 150].map((back) => hashOf(member, revision - back))),
    members: await etcdctl(member, "member", "list"),
    alarms: await etcdctl(member, "alarm", "list"),
    leases,
    leased: (await Promise.all(keys)).map((text) => /attached keys\((.*)\)/.exec(text)?.[1]),
  };
}

async function hashOf(member: Member, revision: number): Promise<string> {
  const text = await etcdctl(member, "endpoint", "hashkv", "--rev", String(revision), "-w", "json");
  return /"hash":(\d+)/.exec(text)![1]!;
}

function withoutHeader(text: string): string {
  return text.replace(/^"(ClusterID|MemberID|Revision|RaftTerm)".*\n/gm, "");
}

async function statusOf(member: Member): Promise<Status> {
  const text = await etcdctl(member, "endpoint", "status", "-w", "json");
  return {
    memberId: BigInt(/"member_id":(\d+)/.exec(text)![1]!),
    revision: Number(/"revision":(\d+)/.exec(text)![1]),
  };
}

/** Our page check and the original's. */
async function checkFile(member: Member): Promise<void> {
  const { database } = dataDirectory(member.dataDir);
  assert.deepEqual(checkDatabase(new RealDisk(), database).problems, []);
  await mustRun(original("etcdutl"), ["snapshot", "status", database]);
}

/** The main revision of the last compaction that has removed all it had to. */
function finishedCompaction(member: Member): number {
  const { database } = dataDirectory(member.dataDir);
  const storage = InlineStorage.open(new RealDisk(), database, { sync: true })!;
  const pair = storage.opened.small.find(({ key }) => Buffer.from(key).toString() === "finishedCompactRev");
  storage.close();
  return pair === undefined ? 0 : Number(Buffer.from(pair.value).readBigInt64BE(0));
}

async function withClient<T>(member: Member, use: (client: KvClient) => Promise<T>): Promise<T> {
  const client = new KvClient(member.clientUrl);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function etcdctl(member: Member, ...args: string[]): Promise<string> {
  return mustRun(original("etcdctl"), [`--endpoints=${member.clientUrl}`, ...args]);
}
