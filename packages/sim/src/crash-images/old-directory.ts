/**
 * A directory as release 3.5 leaves it when it is killed before its first snapshot: the log holds the requests with which it
 * told its name and the cluster's version in the old way, and the database, made and never committed, nothing. (Directories that the original
 * has really left are taken over in `e2e`.)
 */

import { keyBytes, utf8Bytes } from "@etcd-ts/base";
import {
  createInternalRaftRequest,
  createPutRequest,
  createV2Request,
  Entry,
  EntryType,
  encodeInternalRaftRequest,
  encodeV2Request,
  PutRequestCodec,
  RaftRequestField,
} from "@etcd-ts/proto";
import { bootstrapCluster, type InitialMember, memberKey } from "@etcd-ts/server";
import {
  BUCKETS,
  createDatabase,
  dataDirectory,
  FaultyDisk,
  prepareDataDirectory,
  Wal,
  WalBatch,
} from "@etcd-ts/storage";

const DIRECTORY = dataDirectory("/sim.etcd");
const MEMBERS: readonly InitialMember[] = [{ name: "sim", peerUrls: ["http://127.0.0.1:2380"] }];
const TERM = 2;
const PUTS = 60;
/** Several segments. */
const SEGMENT_BYTES = 16 * 1024;
const VALUE_BYTES = 700;

export function oldDirectory(): FaultyDisk {
  const disk = new FaultyDisk();
  prepareDataDirectory(disk, DIRECTORY);
  createDatabase(disk, DIRECTORY.database, BUCKETS);
  const { memberId: nodeId, clusterId, hardState, entries } = bootstrapCluster("sim", MEMBERS, "sim");
  const first = new WalBatch();
  first.addEntries(entries);
  first.addHardState(hardState);
  const wal = Wal.create(
    disk,
    DIRECTORY.wal,
    { nodeId, clusterId },
    { segmentSizeBytes: SEGMENT_BYTES },
    first,
  );
  const written = laterEntries(nodeId, entries.length + 1);
  for (const entry of written) {
    const batch = new WalBatch();
    batch.addEntries([entry]);
    // The last one was not yet known to be committed.
    batch.addHardState({ term: TERM, vote: nodeId, commit: entry.index - 1 });
    wal.append(batch.bytes, batch.length);
    wal.flush();
    wal.prepare(false);
  }
  wal.close();
  disk.kill();
  return disk;
}

function laterEntries(nodeId: bigint, first: number): Entry[] {
  let index = first;
  const attributes = JSON.stringify({ name: "sim", clientURLs: ["http://127.0.0.1:2379"] });
  return [
    new Entry(EntryType.Normal, TERM, index++, undefined),
    v2Put(index++, `/0/members/${memberKey(nodeId)}/attributes`, attributes),
    v2Put(index++, "/0/version", "3.5.0"),
    ...Array.from({ length: PUTS }, (_, i) =>
      put(index++, `old/${i % 40}`, `${i}.${"o".repeat(VALUE_BYTES)}`),
    ),
  ];
}

function v2Put(index: number, path: string, val: string): Entry {
  const request = createV2Request({ id: BigInt(index), method: "PUT", path, val });
  return new Entry(EntryType.Normal, TERM, index, encodeV2Request(request));
}

function put(index: number, key: string, value: string): Entry {
  const body = PutRequestCodec.encode(createPutRequest({ key: keyBytes(key), value: utf8Bytes(value) }));
  const request = createInternalRaftRequest({ idLo: index, field: RaftRequestField.put, body });
  return new Entry(EntryType.Normal, TERM, index, encodeInternalRaftRequest(request));
}
