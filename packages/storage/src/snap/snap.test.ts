import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asBuffer, crc32c, SeededRandom, utf8String } from "@etcd-ts/base";
import { EMPTY_CONF_STATE, encodeSnapshot, type Snapshot } from "@etcd-ts/proto";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { decodeSnapFile, encodeSnapFile, SnapError } from "./snap-file.ts";
import { SnapFolder } from "./snap-folder.ts";
import { decodeV2Store, encodeV2Store, type V2Membership } from "./v2-store.ts";

const PATH = "/member/snap";
const MEMBERSHIP: V2Membership = {
  members: [
    {
      id: 0x628ed94ad692e8a1n,
      peerUrls: ["http://127.0.0.1:23800"],
      isLearner: false,
      name: "n1",
      clientUrls: ["http://127.0.0.1:23790"],
    },
    { id: 0xabcn, peerUrls: ["http://127.0.0.1:23801"], isLearner: true, name: "", clientUrls: [] },
  ],
  removed: [0x1n],
  version: "3.7.0",
};

function snapshotAt(index: number, term = 2): Snapshot {
  const confState = { ...EMPTY_CONF_STATE, voters: [0x628ed94ad692e8a1n] };
  return { data: encodeV2Store(MEMBERSHIP), metadata: { confState, index, term } };
}

function newFolder(): { disk: FaultyDisk; folder: SnapFolder } {
  const disk = new FaultyDisk();
  disk.makeDirectory(PATH);
  disk.syncDirectory("/");
  disk.syncDirectory("/member");
  return { disk, folder: new SnapFolder(disk, PATH) };
}

describe("the data of a snapshot", () => {
  test("is the membership as a tree", () => {
    const { Root } = JSON.parse(utf8String(encodeV2Store(MEMBERSHIP)));
    const { members, removed_members, version } = Root.Children["0"].Children;
    const first = members.Children["628ed94ad692e8a1"];
    assert.equal(first.Path, "/0/members/628ed94ad692e8a1");
    assert.equal(first.Children.raftAttributes.Value, '{"peerURLs":["http://127.0.0.1:23800"]}');
    assert.equal(first.Children.attributes.Value, '{"name":"n1","clientURLs":["http://127.0.0.1:23790"]}');
    assert.deepEqual(members.Children.abc.Children, {
      raftAttributes: {
        Path: "/0/members/abc/raftAttributes",
        CreatedIndex: 3,
        ModifiedIndex: 3,
        ExpireTime: "0001-01-01T00:00:00Z",
        Value: '{"peerURLs":["http://127.0.0.1:23801"],"isLearner":true}',
        Children: null,
      },
    });
    assert.equal(removed_members.Children["1"].Value, "");
    assert.equal(version.Value, "3.7.0");
    assert.deepEqual(Root.Children["1"].Children, {});
  });

  test("is read as it was written", () => {
    assert.deepEqual(decodeV2Store(encodeV2Store(MEMBERSHIP)), MEMBERSHIP);
    const none = { members: [], removed: [], version: undefined };
    assert.deepEqual(decodeV2Store(encodeV2Store(none)), none);
  });

  test("is refused with keys of users, or malformed", () => {
    const withKeys =
      '{"Root":{"Path":"/","Children":{"1":{"Path":"/1","Children":{"k":{"Value":"v","Children":null}}}}}}';
    assert.throws(() => decodeV2Store(Buffer.from(withKeys)), /keys of users/);
    for (const text of ["", "{", "7", '{"Root":7}']) assert.throws(() => decodeV2Store(Buffer.from(text)));
  });
});

describe("a snapshot file", () => {
  test("has a checksum before its data", () => {
    const data = encodeSnapshot(snapshotAt(7));
    const bytes = asBuffer(encodeSnapFile(snapshotAt(7)));
    assert.equal(bytes[0], 0x08);
    let crc = 0n;
    for (let i = 0; i < 5; i++) crc |= BigInt(bytes[1 + i]! & 0x7f) << BigInt(7 * i);
    assert.equal(Number(crc), crc32c(data));
    assert.ok(bytes.subarray(-data.length).equals(data));
  });

  test("yields what was written or a clear error, whatever is changed or cut", () => {
    const whole = encodeSnapFile(snapshotAt(7));
    const wanted = decodeSnapFile("f", whole);
    const random = new SeededRandom(1);
    for (let round = 0; round < 3000; round++) {
      const changed = whole.slice(0, round % 3 === 0 ? random.below(whole.length) : whole.length);
      if (changed.length === whole.length) changed[random.below(whole.length)]! ^= 1 << random.below(8);
      try {
        assert.deepEqual(decodeSnapFile("f", changed), wanted);
      } catch (error) {
        assert.ok(error instanceof SnapError && error.message.startsWith("snap: f: "));
      }
    }
    assert.throws(() => decodeSnapFile("f", new Uint8Array(0)), /empty/);
  });
});

describe("the snapshot folder", () => {
  test("finds the newest snapshot that is wanted and sets broken ones aside", () => {
    const { disk, folder } = newFolder();
    for (const index of [5, 9, 12]) folder.save(snapshotAt(index));
    assert.deepEqual(
      folder.list().map((snap) => snap.index),
      [12, 9, 5],
    );
    const newest = `${PATH}/0000000000000002-000000000000000c.snap`;
    const bytes = disk.readFile(newest);
    bytes[30]! ^= 1;
    disk.writeFile(newest, bytes);
    const broken: string[] = [];
    const found = folder.newest(
      (_term, index) => index !== 9,
      (error) => broken.push(error.message),
    );
    assert.equal(found?.snapshot.metadata.index, 5);
    assert.deepEqual(broken, [`snap: ${newest}: crc mismatch`]);
    assert.ok(disk.exists(`${newest}.broken`) && !disk.exists(newest));
    assert.equal(
      folder.newest(
        () => false,
        () => {},
      ),
      undefined,
    );
  });

  test("holds a whole snapshot after a crash at any operation, or none", () => {
    for (let operations = 0; operations < 6; operations++) {
      for (let seed = 0; seed < 20; seed++) {
        const { disk, folder } = newFolder();
        folder.save(snapshotAt(5));
        const start = disk.operationCount;
        disk.intercept = (_operation, index) => {
          if (index >= start + operations) throw new Error("the power fails");
          return undefined;
        };
        let isSaved = true;
        try {
          folder.save(snapshotAt(9));
        } catch {
          isSaved = false;
        }
        disk.intercept = undefined;
        disk.crash(new SeededRandom(seed));
        const found = folder.newest(
          () => true,
          () => assert.fail("nothing is broken"),
        );
        assert.ok(found?.snapshot.metadata.index === 9 || (found?.snapshot.metadata.index === 5 && !isSaved));
        folder.removeLeftovers();
        assert.ok(disk.list(PATH).every((name) => name.endsWith(".snap")));
      }
    }
  });

  test("betrays a rename without a sync of the folder", () => {
    const { disk, folder } = newFolder();
    disk.intercept = (operation) => (operation.kind === "sync-directory" ? "skip" : undefined);
    folder.save(snapshotAt(9));
    disk.crashForgettingAll();
    assert.equal(folder.list().length, 0);
  });

  test("keeps the newest files of each kind and removes what was left over", () => {
    const { disk, folder } = newFolder();
    for (const index of [1, 2, 3, 4]) {
      folder.save(snapshotAt(index));
      disk.writeFile(`${PATH}/tmp${index}`, Buffer.from("db"));
      folder.keepDatabase(`tmp${index}`, index);
    }
    disk.writeFile(`${PATH}/tmp-x`, Buffer.from("x"));
    disk.writeFile(`${PATH}/db.tmp.1`, Buffer.from("x"));
    disk.writeFile(`${PATH}/db`, Buffer.from("x"));
    folder.removeLeftovers();
    folder.purge(2);
    folder.releaseDatabases(4);
    assert.deepEqual(disk.list(PATH), [
      "0000000000000002-0000000000000003.snap",
      "0000000000000002-0000000000000004.snap",
      "0000000000000004.snap.db",
      "db",
    ]);
    folder.purge(0);
    assert.equal(disk.list(PATH).length, 4);
  });
});
