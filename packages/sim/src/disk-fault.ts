/** Planted bugs that a disk can make: syncs that do nothing, and a meta page that overtakes its data. */

import type { Intercept } from "@etcd-ts/storage";
import type { PlantedBug } from "./planted-bugs.ts";

const META_PAGES_END = 2 * 4096;

/** What the disk does to a change because of the bug. */
export function diskFault(bug: PlantedBug | undefined): Intercept {
  if (bug === "sync-skipped") return (operation) => (operation.kind === "sync" ? "skip" : undefined);
  return bug === "meta-before-data" ? skipSyncBeforeMeta() : () => undefined;
}

/**
 * Of the two syncs of a commit the first one makes its pages durable. Without it the meta page may reach the disk before them,
 * which is what a commit in the wrong order looks like to a crash.
 */
function skipSyncBeforeMeta(): Intercept {
  let dataSinceMeta = false;
  let database = -1;
  return (operation) => {
    if (operation.kind === "create" && operation.path.includes("/snap/db")) database = operation.file;
    if (operation.kind === "write" && operation.file === database) {
      dataSinceMeta = operation.position >= META_PAGES_END;
    }
    return operation.kind === "sync" && operation.file === database && dataSinceMeta ? "skip" : undefined;
  };
}
