/**
 * What makes a member of a new cluster out of a copied database: the old membership leaves the database, the new one enters it, and
 * a log and a snapshot file begin with one entry a member (`bbolt-file.md` 9.3).
 *
 * With a bump the last revision rises by so much and everything up to it counts as compacted, so that nobody who knows of later
 * revisions of the old cluster takes what comes now for what he has seen.
 */

import { EMPTY_BYTES, utf8Bytes } from "@etcd-ts/base";
import {
  bootstrapCluster,
  confStateOf,
  encodeMemberRecord,
  type InitialMember,
  initialMemberRecords,
  type MemberRecord,
  memberKey,
} from "@etcd-ts/server";
import {
  BUCKETS,
  type BucketName,
  type Committer,
  type DataDirectory,
  type Disk,
  encodeRecordKey,
  encodeV2Store,
  OperationPacker,
  SnapFolder,
  Wal,
  WalBatch,
} from "@etcd-ts/storage";
import { DatabaseFile } from "../file/database-file.ts";
import { lastRevision } from "../file/key-revisions.ts";
import { databaseIsLocked } from "../file/locks.ts";
import { openForWriting } from "../file/open-for-writing.ts";
import { log } from "../output/log.ts";

const FIRST_TERM = 1;

export interface RestoredCluster {
  /** This member's. */
  readonly name: string;
  readonly members: readonly InitialMember[];
  readonly token: string;
}

export function writeRestored(
  disk: Disk,
  directory: DataDirectory,
  cluster: RestoredCluster,
  bump: number,
): void {
  const records = initialMemberRecords(cluster.members, cluster.token);
  rewriteDatabase(directory.database, records, bump);
  const { clusterId, memberId, entries } = bootstrapCluster(cluster.name, cluster.members, cluster.token);
  for (const record of records) tellAdded(clusterId, record);
  const last = entries.length;
  const hardState = { term: FIRST_TERM, vote: records[0]!.id, commit: last };
  const first = new WalBatch();
  first.addEntries(entries);
  first.addHardState(hardState);
  const wal = Wal.create(disk, directory.wal, { nodeId: memberId, clusterId }, {}, first);
  const confState = confStateOf(records);
  const data = encodeV2Store({ members: records, removed: [], version: undefined });
  new SnapFolder(disk, directory.snap).save({ data, metadata: { index: last, term: FIRST_TERM, confState } });
  const marked = new WalBatch();
  marked.addSnapshot({ index: last, term: FIRST_TERM, confState });
  wal.append(marked.bytes, marked.length);
  wal.flush();
  wal.close();
}

function rewriteDatabase(path: string, members: readonly MemberRecord[], bump: number): void {
  const committer = openForWriting(path);
  if (committer === undefined) throw databaseIsLocked(path);
  try {
    log.info("restore/restored-member.ts:77", "Trimming membership information from the backend...");
    const packer = new OperationPacker();
    removeMembers(committer, packer);
    if (bump > 0) bumpRevision(path, packer, bump);
    const put = (bucket: BucketName, key: string, value: Uint8Array) =>
      packer.put(BUCKETS.indexOf(bucket), utf8Bytes(key), value);
    for (const member of members) put("members", memberKey(member.id), utf8Bytes(encodeMemberRecord(member)));
    put("meta", "consistent_index", uint64(members.length));
    put("meta", "term", uint64(FIRST_TERM));
    const { database } = committer;
    database.apply(packer.finish());
    database.commit({ oldestReader: database.transaction });
  } finally {
    committer.close();
  }
}

function removeMembers({ opened }: Committer, packer: OperationPacker): void {
  for (const { bucket, key } of opened.small) {
    if (bucket === "members" || bucket === "members_removed") packer.delete(BUCKETS.indexOf(bucket), key);
  }
}

/** A record without a value holds the place of the last revision. */
function bumpRevision(path: string, packer: OperationPacker, bump: number): void {
  const database = DatabaseFile.openLocked(path);
  const latest = lastRevision(database);
  database.close();
  const raised = latest + bump;
  log.info("restore/restored-member.ts:106", "bumping latest revision", {
    "latest-revision": latest,
    "bump-amount": bump,
    "new-latest-revision": raised,
  });
  const key = encodeRecordKey(raised, 0, false);
  packer.put(BUCKETS.indexOf("key"), key, EMPTY_BYTES);
  log.info("restore/restored-member.ts:113", "marking revision compacted", { revision: raised });
  packer.put(BUCKETS.indexOf("meta"), utf8Bytes("scheduledCompactRev"), key);
}

function tellAdded(clusterId: bigint, { id, peerUrls, isLearner }: MemberRecord): void {
  log.info("restore/restored-member.ts:118", "added member", {
    "cluster-id": clusterId.toString(16),
    "local-member-id": "0",
    "added-peer-id": id.toString(16),
    "added-peer-peer-urls": peerUrls,
    "added-peer-is-learner": isLearner,
  });
}

/** Big-endian. */
function uint64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
