/** The database of a stopped member, to be changed. */

import { Committer, DiskError, RealDisk } from "@etcd-ts/storage";
import { warnOfMissingLock } from "./locks.ts";

/** Undefined while somebody else has the lock. */
export function openForWriting(path: string): Committer | undefined {
  const disk = new RealDisk();
  try {
    return Committer.open(disk, path, { sync: true });
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "ENOSYS") throw error;
    warnOfMissingLock();
    return Committer.open(disk, path, { sync: true, lock: false });
  }
}
