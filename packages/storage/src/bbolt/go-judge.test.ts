/**
 * The original's own tool judges our files, and we read what it wrote. Skipped where the original's binaries are absent
 * (`ETCD_TS_SHARED`, else `../shared` beside the checkout).
 */

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { utf8Bytes } from "@etcd-ts/base";
import { BUCKETS } from "../backend/backend-types.ts";
import { NodeFile } from "../backend/node-file.ts";
import { PageStream } from "../backend/page-stream.ts";
import { RealDisk } from "../disk/real-disk.ts";
import { CompactedCopy } from "./compacted-copy.ts";
import { createDatabase } from "./create-database.ts";
import { Database } from "./database.ts";
import { DatabaseHash } from "./database-hash.ts";
import type { Meta } from "./meta-page.ts";
import { OperationPacker } from "./operation-batch.ts";
import { checkDatabase } from "./page-check.ts";
import { readNode } from "./page-store.ts";

const shared = process.env.ETCD_TS_SHARED ?? fileURLToPath(new URL("../../../../../shared", import.meta.url));
const etcdutl = join(shared, "peers/3.7.1/etcdutl");
const skip = existsSync(etcdutl) ? false : `no ${etcdutl}`;
const KEY = BUCKETS.indexOf("key");
const META = BUCKETS.indexOf("meta");

interface Status {
  readonly hash: number;
  readonly revision: number;
  readonly totalKey: number;
  readonly totalSize: number;
}

describe("files of ours before the original's check", { skip }, () => {
  const disk = new RealDisk();
  const folder = mkdtempSync(join(tmpdir(), "bbolt-judge-"));
  after(() => rmSync(folder, { recursive: true }));

  it("a history of puts, overwrites, deletions and large values; then the original's rewriting of it", () => {
    const path = newDatabase(disk, folder, "history");
    const database = open(disk, path);
    writeHistory(database);
    assertJudged(disk, path, database);
    const meta = metaOf(database);
    const before = hashOf(disk, path, meta);
    database.close();

    execFileSync(etcdutl, ["defrag", "--data-dir", join(folder, "history")], { stdio: "pipe" });
    const rewritten = open(disk, path);
    assert.deepEqual(checkDatabase(disk, path, rewritten).problems, []);
    assert.equal(hashOf(disk, path, metaOf(rewritten)), before);
    for (let i = 0; i < 30; i++) commitPuts(rewritten, 40_000 + i * 50, 50, 200);
    assertJudged(disk, path, rewritten);
    rewritten.close();
  });

  it("a compacted copy and a hot copy", () => {
    const path = newDatabase(disk, folder, "copies");
    const database = open(disk, path);
    writeHistory(database);
    const meta = metaOf(database);
    const source = disk.open(path, "read");
    const compacted = join(folder, "compacted.db");
    const target = disk.open(compacted, "create");
    const copy = new CompactedCopy(source, meta, target);
    while (!copy.advance(100_000));
    const copied = copy.finish(7);
    target.close();
    assert.equal(hashOf(disk, compacted, copied), hashOf(disk, path, meta));
    assert.equal(status(compacted).hash, hashOf(disk, path, meta));
    assert.deepEqual(checkDatabase(disk, compacted).problems, []);
    assert.ok(copied.highWaterMark < meta.highWaterMark);

    const hot = join(folder, "hot.db");
    const hotFile = disk.open(hot, "create");
    const pages = new PageStream(new NodeFile(source, meta.pageBytes), { ...meta, file: 1 });
    while (pages.position < pages.bytes) {
      const at = pages.position;
      const piece = pages.next(32_768);
      hotFile.write(piece, 0, piece.length, at);
    }
    hotFile.close();
    assert.equal(status(hot).hash, hashOf(disk, path, meta));
    assert.equal(status(hot).totalSize, database.size);
    database.close();
  });
});

/** A file where a member's data directory has it. */
function newDatabase(disk: RealDisk, folder: string, name: string): string {
  mkdirSync(join(folder, name, "member/snap"), { recursive: true });
  const path = join(folder, name, "member/snap/db");
  assert.ok(createDatabase(disk, path, BUCKETS));
  return path;
}

function open(disk: RealDisk, path: string): Database {
  const database = Database.open(disk, path, {
    lock: false, // the judge waits for it
    buckets: BUCKETS.map((name) => ({ name, fill: name === "key" ? 0.9 : 0.5 })),
  });
  assert.ok(database !== undefined);
  database.findFreePages(Number.POSITIVE_INFINITY);
  return database;
}

function writeHistory(database: Database): void {
  for (let i = 0; i < 5; i++) commitPuts(database, 2 + i * 4000, 4000, 250);
  commitPuts(database, 20_002, 30, 20_000);
  commitPuts(database, 20_032, 3, 1_500_000);
  const packer = new OperationPacker();
  for (let revision = 2; revision < 15_000; revision += revision % 7 === 0 ? 40 : 1) {
    packer.delete(KEY, revisionKey(revision));
  }
  database.apply(packer.finish());
  database.commit({ oldestReader: database.transaction });
  for (let i = 0; i < 10; i++) commitPuts(database, 20_035 + i * 100, 100, 250);
}

function commitPuts(database: Database, from: number, count: number, bytes: number): void {
  const packer = new OperationPacker();
  for (let revision = from; revision < from + count; revision++) {
    packer.put(KEY, revisionKey(revision), keyValue(revision, bytes));
  }
  packer.put(META, utf8Bytes("consistent_index"), new Uint8Array(8).fill(1));
  database.apply(packer.finish());
  database.commit({ oldestReader: database.transaction });
}

function revisionKey(revision: number): Uint8Array {
  const key = new Uint8Array(17);
  new DataView(key.buffer).setUint32(4, revision);
  key[8] = 0x5f;
  return key;
}

/** A stored record: key 1, create revision 2, mod revision 3, version 4, value 5. */
function keyValue(revision: number, bytes: number): Uint8Array {
  const key = utf8Bytes(`key${revision}`);
  const number = varint(revision);
  const head = [0x0a, key.length, ...key, 0x10, ...number, 0x18, ...number, 0x20, 1, 0x2a, ...varint(bytes)];
  const record = new Uint8Array(head.length + bytes).fill(0x76);
  record.set(head);
  return record;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
}

function metaOf(database: Database): Meta {
  const { pageBytes, root, highWaterMark, transaction } = database;
  return { pageBytes, root, highWaterMark, transaction, sequence: 0, freeList: undefined };
}

function assertJudged(disk: RealDisk, path: string, database: Database): void {
  assert.deepEqual(checkDatabase(disk, path, database).problems, []);
  const judged = status(path);
  assert.equal(judged.hash, hashOf(disk, path, metaOf(database)));
  assert.equal(judged.totalSize, database.size);
}

function hashOf(disk: RealDisk, path: string, meta: Meta): number {
  const file = disk.open(path, "read");
  const pages = { node: (page: number) => readNode(file, page, meta.pageBytes, meta.highWaterMark) };
  const hash = new DatabaseHash(pages, meta.root);
  while (!hash.advance(10_000));
  file.close();
  return hash.value;
}

function status(path: string): Status {
  return JSON.parse(
    execFileSync(etcdutl, ["snapshot", "status", path, "-w", "json"], { encoding: "utf8" }),
  ) as Status;
}
