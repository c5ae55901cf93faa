/**
 * The oldest release that understands what a log holds behind its last snapshot (`disk-formats.md` 2.11), as far as storage can be
 * moved back at all: every entry is of 3.5 or older but one kind, which tests of 3.6 write.
 */

import { decodeInternalRaftRequest, EntryType, RaftRequestField } from "@etcd-ts/proto";
import { LOG_START, newestWalSnapshot, RealDisk, readWal, walExists } from "@etcd-ts/storage";

const OLDEST_MINOR = 5;
const MINOR_OF_VERSION_TEST = 6;

/** The minor version. */
export function logVersion(folder: string): number {
  const disk = new RealDisk();
  if (!walExists(disk, folder)) return OLDEST_MINOR;
  const { entries } = readWal(disk, folder, newestWalSnapshot(disk, folder) ?? LOG_START);
  const isNewer = entries.some(({ type, data }) => type === EntryType.Normal && isVersionTest(data));
  return isNewer ? MINOR_OF_VERSION_TEST : OLDEST_MINOR;
}

function isVersionTest(data: Uint8Array | undefined): boolean {
  if (data === undefined || data.length === 0) return false;
  return decodeInternalRaftRequest(data).field === RaftRequestField.downgradeVersionTest;
}
