/** Bucket `key` as revisions: the last one, the marks of compactions, and which pairs are alive at a revision. */

import { decodeKeyValue } from "@etcd-ts/proto";
import { DatabaseError, decodeRecordKey, type KeptRevisions } from "@etcd-ts/storage";
import type { DatabaseFile } from "./database-file.ts";

export interface Revision {
  readonly main: number;
  readonly sub: number;
}

/** Main revision of the last record; 0 when there is none. */
export function lastRevision(database: DatabaseFile): number {
  const last = database.last("key");
  return last === undefined ? 0 : revisionOf(database, last.keyCopy()).main;
}

/** The greater of the compaction's marks; -1 when there was none. */
export function compactRevision(database: DatabaseFile): number {
  const marks = ["finishedCompactRev", "scheduledCompactRev"].map((name) => database.get("meta", name));
  return Math.max(-1, ...marks.map((mark) => (mark === undefined ? -1 : revisionOf(database, mark).main)));
}

/** The newest revision of every key that is alive at `revision`, by key. */
export function liveRevisions(database: DatabaseFile, revision: number): ReadonlyMap<string, Revision> {
  const live = new Map<string, Revision>();
  database.forEach("key", (cursor) => {
    const { main, sub, tombstone } = revisionOf(database, cursor.keyCopy());
    if (main > revision) return;
    const { key } = decodeKeyValue(cursor.node, cursor.keyEnd, cursor.valueEnd);
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    if (tombstone) live.delete(name);
    else live.set(name, { main, sub });
  });
  return live;
}

/** Ascending, as the hash of keys asks for them. */
export function keptRevisions(live: Iterable<Revision>): KeptRevisions {
  const sorted = [...live].sort((a, b) => a.main - b.main || a.sub - b.sub);
  return {
    mains: Float64Array.from(sorted, ({ main }) => main),
    subs: Uint32Array.from(sorted, ({ sub }) => sub),
  };
}

export const NO_REVISIONS: KeptRevisions = keptRevisions([]);

function revisionOf(
  { path }: DatabaseFile,
  key: Uint8Array,
): NonNullable<ReturnType<typeof decodeRecordKey>> {
  const revision = decodeRecordKey(key);
  if (revision === undefined) throw new DatabaseError(`${path}: ${key.length} bytes are no revision`);
  return revision;
}
