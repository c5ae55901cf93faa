/** Planted bugs that a disk can make: syncs that do nothing, and a meta page that overtakes its data. */

import type { DiskOperation, Intercept } from "@etcd-ts/storage";
import type { PlantedBug } from "./planted-bugs.ts";

const META_PAGES_END = 2 * 4096;

/** What the disk does to a change because of the bug. */
export function diskFault(bug: PlantedBug | undefined): Intercept {
  if (bug === "sync-skipped") return (operation) => (operation.kind === "sync" ? "skip" : undefined);
  if (bug === "folder-sync-skipped")
    return (operation) => (operation.kind === "sync-directory" ? "skip" : undefined);
  return bug === "meta-before-data" ? skipSyncBeforeMeta() : () => undefined;
}

/**
 * Of the two syncs of a commit the first one makes its pages durable. Without it the meta page may reach the disk before them,
 * which is what a commit in the wrong order looks like to a crash.
 */
function skipSyncBeforeMeta(): Intercept {
  const isOfDatabase = databaseFilter();
  let dataSinceMeta = false;
  return (operation) => {
    if (!isOfDatabase(operation)) return undefined;
    if (operation.kind === "write") dataSinceMeta = operation.position >= META_PAGES_END;
    return operation.kind === "sync" && dataSinceMeta ? "skip" : undefined;
  };
}

/** Tells the changes of the database's file from all others; must see all of them. */
export function databaseFilter(): (operation: DiskOperation) => boolean {
  let database = -1;
  return (operation) => {
    if (operation.kind === "create" && operation.path.includes("/snap/db")) database = operation.file;
    return "file" in operation && operation.file === database;
  };
}
