/**
 * After a start from a checkpoint: reads the values that are not in memory, from the database's first record to its last, in the background.
 * The loop takes a slice now and then; whoever asks for a value before it has come gets it from its page. A record that is damaged,
 * which the checkpoint could not know, ends the member here.
 */

import { setTimeout as passed } from "node:timers/promises";
import { type KeyValueStore, type RecordSource, visitChecked } from "@etcd-ts/server";
import type { PinnedRoot, ReaderThread, RecordChunk } from "@etcd-ts/storage";

/** About a millisecond of the loop, and as long again for three others. */
const SLICE_RECORDS = 1000;
const PAUSE_MS = 3;

export async function warmValues(
  reader: ReaderThread,
  root: PinnedRoot,
  source: RecordSource,
  store: KeyValueStore,
  isStopped: () => boolean,
): Promise<void> {
  const visit = store.warming();
  const warm = (chunk: RecordChunk, lo: number, hi: number) => visitChecked(chunk, visit, source, lo, hi);
  let before: Promise<void> = Promise.resolve();
  await reader.load(root, (chunk) => {
    before = before.then(() => warmChunk(chunk, store, warm, isStopped));
    return before;
  });
  if (!isStopped()) root.release();
}

async function warmChunk(
  chunk: RecordChunk,
  store: KeyValueStore,
  warm: (chunk: RecordChunk, lo: number, hi: number) => void,
  isStopped: () => boolean,
): Promise<void> {
  for (let lo = 0; lo < chunk.count && !isStopped(); lo += SLICE_RECORDS) {
    warm(chunk, lo, Math.min(lo + SLICE_RECORDS, chunk.count));
    store.reclaim();
    await passed(PAUSE_MS);
  }
}
