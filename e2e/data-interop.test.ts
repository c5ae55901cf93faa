/**
 * Files of the original read by our storage, and files of ours read by the original: the log and the snapshots. The
 * programs never run at the same time.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  DirectoryLock,
  DirectoryLockedError,
  dataDirectory,
  decodeV2Store,
  encodeSnapFile,
  encodeV2Store,
  LOG_START,
  listWalSnapshots,
  newestWalSnapshot,
  RealDisk,
  readWal,
  SnapFolder,
  Wal,
  WalBatch,
} from "@etcd-ts/storage";
import { mustRun } from "./command.ts";
import { Member, type MemberOptions } from "./member.ts";
import { original, sharedDir, withoutOriginal } from "./programs.ts";

const disk = new RealDisk();
const skip = withoutOriginal("etcd", "etcdctl");

function etcdctl(member: Member, ...args: string[]): Promise<string> {
  return mustRun(original("etcdctl"), ["--endpoints", member.clientUrl, ...args]);
}

async function withMember(options: MemberOptions, body: (member: Member) => Promise<void>): Promise<void> {
  const member = await Member.create(options);
  try {
    await body(member);
  } finally {
    await member.dispose();
  }
}

function acquire(member: Member): DirectoryLock {
  return DirectoryLock.acquire(disk, dataDirectory(member.dataDir), {
    patience: () => false,
    onWait: () => {},
    onWarning: () => {},
  });
}

describe("the log of the original", { skip }, () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    test(`is read after ${signal}`, async () => {
      await withMember({ program: original("etcd") }, async (member) => {
        await member.start();
        for (let i = 1; i <= 5; i++) await etcdctl(member, "put", `key-${i}`, `value-${i}`);
        await member.stop(signal);
        const { wal } = dataDirectory(member.dataDir);
        const contents = readWal(disk, wal, LOG_START);
        const { entries, hardState, metadata } = contents;
        assert.deepEqual(
          entries.map((entry) => entry.index),
          entries.map((_, i) => i + 1),
        );
        assert.equal(hardState.vote, metadata.nodeId);
        assert.ok(hardState.commit <= entries.length && hardState.term === 2);
        const texts = entries.map((entry) => Buffer.from(entry.data ?? []).toString("latin1"));
        for (let i = 1; i <= 5; i++) {
          assert.equal(
            texts.filter((text) => text.includes(`key-${i}`) && text.includes(`value-${i}`)).length,
            1,
          );
        }
        assert.deepEqual(listWalSnapshots(disk, wal), [{ index: 0, term: 0, confState: undefined }]);
      });
    });
  }

  test("is continued by us, over a cut, and then by the original again", async () => {
    await withMember({ program: original("etcd") }, async (member) => {
      await member.start();
      await etcdctl(member, "put", "before", "1");
      await member.stop();
      const { wal: directory } = dataDirectory(member.dataDir);
      const lock = acquire(member);
      const options = { segmentSizeBytes: 512 };
      const { wal, contents } = Wal.open(disk, directory, LOG_START, options, lock.takeSegments());
      for (let round = 0; round < 2; round++) {
        const batch = new WalBatch();
        // The same entries again: a later record takes the place of an earlier one.
        batch.addEntries(contents.entries);
        batch.addHardState(contents.hardState);
        wal.append(batch.bytes, batch.length);
        wal.flush();
        wal.prepare(false);
      }
      assert.ok(wal.segmentNames().length > 1);
      wal.close();
      lock.release();
      await member.start();
      assert.equal(await etcdctl(member, "get", "before"), "before\n1\n");
      await etcdctl(member, "put", "after", "2");
      await member.stop();
      const texts = readWal(disk, directory, LOG_START).entries.map((entry) =>
        Buffer.from(entry.data ?? []).toString("latin1"),
      );
      assert.ok(texts.some((text) => text.includes("after")));
    });
  });

  test("is locked while the original runs, and locks it out while we do", async () => {
    await withMember({ program: original("etcd") }, async (member) => {
      await member.start();
      const { wal } = dataDirectory(member.dataDir);
      assert.throws(() => acquire(member), DirectoryLockedError);
      assert.throws(() => Wal.open(disk, wal, LOG_START), { code: "locked" });
      await member.stop();
      const lock = acquire(member);
      member.launch();
      await member.logged("db file is flocked by another process"); // and it waits on
      lock.release();
      await member.logged("ready to serve client requests");
      await member.stop();
    });
  });
});

describe("snapshots", { skip }, () => {
  for (const version of ["3.7.1", "3.6.14", "3.5.33"]) {
    const program = join(sharedDir(), "peers", version, "etcd");
    const missing = !existsSync(program) && `the original ${version} is not here`;
    test(`of ${version} are read, and ours are read by it`, { skip: missing }, async () => {
      await withMember({ program, flags: ["--snapshot-count=10"] }, async (member) => {
        await member.start();
        for (let i = 1; i <= 40; i++) await etcdctl(member, "put", `key-${i}`, "x");
        await member.stop();
        const paths = dataDirectory(member.dataDir);
        const newest = newestWalSnapshot(disk, paths.wal);
        assert.ok(newest !== undefined && newest.index >= 10);
        const folder = new SnapFolder(disk, paths.snap);
        const found = folder.newest(
          (term, index) => term === newest.term && index === newest.index,
          (error) => assert.fail(error.message),
        );
        assert.ok(found !== undefined);
        const membership = decodeV2Store(found.snapshot.data!);
        const [self] = membership.members;
        assert.deepEqual([self?.peerUrls, self?.isLearner], [[member.peerUrl], false]);
        assert.deepEqual([self?.name, self?.clientUrls], ["m1", [member.clientUrl]]);
        assert.deepEqual(found.snapshot.metadata.confState.voters, [self?.id]);
        const ours = { ...found.snapshot, data: encodeV2Store(membership) };
        writeFileSync(join(paths.snap, found.name), encodeSnapFile(ours));
        await member.start();
        assert.match(
          await etcdctl(member, "member", "list"),
          new RegExp(`${self?.id.toString(16)}, started, m1, `),
        );
        assert.equal(await etcdctl(member, "get", "key-40"), "key-40\nx\n");
        await member.stop();
      });
    });
  }
});
