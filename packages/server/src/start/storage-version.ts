/** The version of the database's layout (`disk-formats.md` 5.2): as it is stored, or told by what only some releases write. */

import { utf8String } from "@etcd-ts/base";
import type { OpenedDatabase } from "@etcd-ts/storage";
import { isAbove } from "../membership/version-order.ts";

/** The last release that stored no version: it is told by the term, which it was the first to write. */
const VERSION_WITHOUT_KEY = "3.5.0";

/** Empty: a database of 3.4 or older. */
export function storageVersionOf(opened: OpenedDatabase): string {
  const stored = opened.small.find(
    ({ bucket, key }) => bucket === "meta" && utf8String(key) === "storageVersion",
  );
  if (stored !== undefined) return utf8String(stored.value);
  return opened.term > 0 ? VERSION_WITHOUT_KEY : "";
}

/** The layout that goes with a cluster version; undefined: it stays as it is. Releases without a stored version have none either. */
export function storedVersionFor(
  clusterVersion: string | undefined,
): { readonly reported: string; readonly stored: boolean } | undefined {
  if (clusterVersion === undefined || isAbove(VERSION_WITHOUT_KEY, clusterVersion)) return undefined;
  return { reported: clusterVersion, stored: isAbove(clusterVersion, VERSION_WITHOUT_KEY) };
}
