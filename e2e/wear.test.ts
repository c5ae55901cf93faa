/**
 * A day's worth of overwrites, with compactions behind them: the files and the memory of the server become steady and stay so.
 * `ETCD_TS_WEAR=N` overwrites so often; the figures on the way are printed.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  CompactionRequestCodec,
  createCompactionRequest,
  createPutRequest,
  createTxnRequest,
  encodeTxnRequest,
} from "@etcd-ts/proto";
import { checkDatabase, dataDirectory, RealDisk } from "@etcd-ts/storage";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

const OVERWRITES = Number(process.env.ETCD_TS_WEAR ?? 200_000);
const LOOKS = 10;
/** By then everything has its size; from then on nothing grows. */
const STEADY_FROM = 4;
const GROWTH_MAX = 1.15;
/** The database's file grows by it. */
const GROWTH_STEP_MB = 16;
/** `--max-wals`, the one that is written, and a spare one. */
const SEGMENTS_MAX = 5 + 2;
const SEGMENT_MB = 61.1;
/** Heaps breathe, and a short run has not yet seen their largest. */
const MEMORY_GROWTH_MAX = 1.3;
const MEMORY_LOOKS_FROM = 1_000_000;

const KEYS = 10_000;
const PUTS_A_TXN = 100;
const WRITERS = 8;
const COMPACTION_REVISIONS = 200;
const REVISIONS_KEPT = 100;

interface Look {
  readonly overwrites: number;
  readonly databaseMb: number;
  readonly logMb: number;
  readonly residentMb: number;
}

test(`${OVERWRITES} overwrites with compactions leave files and memory steady`, async (context) => {
  const member = await Member.create({
    program: ours("etcd"),
    flags: ["--snapshot-count=1000", "--max-txn-ops=128"],
  });
  try {
    await member.start();
    const looks = await wear(member, context);
    await member.stop();
    assert.deepEqual(checkDatabase(new RealDisk(), dataDirectory(member.dataDir).database).problems, []);
    const steady = looks[STEADY_FROM - 1]!;
    const last = looks.at(-1)!;
    mustNotExceed("the database", last.databaseMb, GROWTH_MAX * steady.databaseMb + GROWTH_STEP_MB);
    mustNotExceed("the log", last.logMb, SEGMENTS_MAX * SEGMENT_MB);
    if (OVERWRITES >= MEMORY_LOOKS_FROM)
      mustNotExceed("memory", last.residentMb, MEMORY_GROWTH_MAX * steady.residentMb);
  } finally {
    await member.dispose();
  }
});

async function wear(member: Member, context: TestContext): Promise<Look[]> {
  const client = new KvClient(member.clientUrl);
  const looks: Look[] = [];
  let txns = 0;
  const txnsOfAll = OVERWRITES / PUTS_A_TXN;
  const write = async (end: number): Promise<void> => {
    while (txns < end) {
      const txn = txns++;
      assert.ok(await client.call("/etcdserverpb.KV/Txn", overwrites(txn)));
      if (txn % COMPACTION_REVISIONS === COMPACTION_REVISIONS - 1)
        await compact(client, txn - REVISIONS_KEPT);
    }
  };
  for (let i = 1; i <= LOOKS; i++) {
    const end = Math.round((txnsOfAll * i) / LOOKS);
    await Promise.all(Array.from({ length: WRITERS }, () => write(end)));
    const look = lookAt(member, txns * PUTS_A_TXN);
    looks.push(look);
    context.diagnostic(
      `${look.overwrites} overwrites: database ${look.databaseMb} MB, log ${look.logMb} MB, resident ${look.residentMb} MB`,
    );
  }
  client.close();
  return looks;
}

/** Neighbours in one txn, and values of many sizes, so that pages are split and joined all the time. */
function overwrites(txn: number): Uint8Array {
  const first = (txn * 7919) % KEYS;
  const success = Array.from({ length: PUTS_A_TXN }, (_, i) => ({
    case: "requestPut" as const,
    value: createPutRequest({
      key: Buffer.from(`key/${String((first + i) % KEYS).padStart(6, "0")}`),
      value: Buffer.alloc(20 + ((txn * 31 + i * 17) % 480), "v"),
    }),
  }));
  return encodeTxnRequest(createTxnRequest({ success }));
}

/** Waits for the removal: its pace is the original's, below that of the writers. */
async function compact(client: KvClient, revision: number): Promise<void> {
  const request = CompactionRequestCodec.encode(createCompactionRequest({ revision, physical: true }));
  assert.ok(await client.call("/etcdserverpb.KV/Compact", request), `compaction at ${revision}`);
}

function lookAt(member: Member, overwrites: number): Look {
  const { database, wal } = dataDirectory(member.dataDir);
  const logBytes = readdirSync(wal).map((name) => statSync(join(wal, name)).size);
  const status = readFileSync(`/proc/${member.pid}/status`, "utf8");
  return {
    overwrites,
    databaseMb: megabytes(statSync(database).size),
    logMb: megabytes(logBytes.reduce((sum, bytes) => sum + bytes, 0)),
    residentMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024),
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function mustNotExceed(what: string, size: number, most: number): void {
  assert.ok(size <= most, `${what} has grown to ${size} MB, more than ${most}`);
}
