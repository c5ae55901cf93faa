import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeEntry } from "@etcd-ts/proto";
import { dataDirectory, FaultyDisk, InlineStorage, prepareDataDirectory, Wal } from "@etcd-ts/storage";
import { openMemberLog } from "./member-log.ts";

const DIRECTORY = dataDirectory("/m.etcd");
const WAL_OPTIONS = { segmentSizeBytes: 65_536 };

function settings(token: string) {
  const initialCluster = [{ name: "m", peerUrls: ["http://127.0.0.1:2380"] }];
  return { name: "m", initialCluster, initialClusterToken: token, wal: WAL_OPTIONS };
}

function begin(): { disk: FaultyDisk; storage: InlineStorage } {
  const disk = new FaultyDisk();
  prepareDataDirectory(disk, DIRECTORY);
  return { disk, storage: InlineStorage.open(disk, DIRECTORY.database, { sync: true })! };
}

test("a new log has the cluster's first entries, and is found again", () => {
  const { disk, storage } = begin();
  const made = openMemberLog(disk, DIRECTORY, settings("t"), storage.opened);
  made.wal.close();
  const found = openMemberLog(disk, DIRECTORY, settings("another"), storage.opened);
  assert.deepEqual(found.metadata, made.metadata);
  assert.deepEqual(found.entries.map(encodeEntry), made.entries.map(encodeEntry));
  assert.equal(found.entries.length, 1);
});

test("a log of head records only is begun anew for the same member, and kept from another", () => {
  const { disk, storage } = begin();
  const { metadata, wal } = openMemberLog(disk, DIRECTORY, settings("t"), storage.opened);
  wal.close();
  disk.removeTree(DIRECTORY.wal);
  Wal.create(disk, DIRECTORY.wal, metadata, WAL_OPTIONS).close();
  const before = disk.operationCount;
  assert.throws(() => openMemberLog(disk, DIRECTORY, settings("other"), storage.opened), {
    name: "CannotStartError",
    message: /was begun by member/,
  });
  assert.equal(disk.operationCount, before);
  const anew = openMemberLog(disk, DIRECTORY, settings("t"), storage.opened);
  assert.deepEqual([anew.metadata, anew.entries.length, anew.hardState.commit], [metadata, 1, 1]);
});

test("a cluster of several members is not begun", () => {
  const { disk, storage } = begin();
  const initialCluster = [
    ...settings("t").initialCluster,
    { name: "n", peerUrls: ["http://127.0.0.1:2381"] },
  ];
  const several = { ...settings("t"), initialCluster };
  assert.throws(() => openMemberLog(disk, DIRECTORY, several, storage.opened), /several members \(m, n\)/);
  assert.equal(disk.exists(DIRECTORY.wal), false);
});
