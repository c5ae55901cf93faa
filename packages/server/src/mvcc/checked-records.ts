/** Records from the database to who checks them; one that is damaged is told with its place in the file. */

import { DatabaseError, describePage, type RecordChunk, type VisitRecord } from "@etcd-ts/storage";
import { DamagedRecordError } from "./record-check.ts";

/** Where the records come from. */
export interface RecordSource {
  readonly path: string;
  readonly pageBytes: number;
}

/** Visits records of the chunk, all of them unless told, and throws a DatabaseError at a damaged one. */
export function visitChecked(
  chunk: RecordChunk,
  visit: VisitRecord,
  { path, pageBytes }: RecordSource,
  lo = 0,
  hi = chunk.count,
): void {
  try {
    chunk.visit(visit, lo, hi);
  } catch (error) {
    if (!(error instanceof DamagedRecordError)) throw error;
    const page = chunk.pageOf(error.main, error.sub, pageBytes);
    throw new DatabaseError(`${path}: ${describePage(page, pageBytes)}: ${error.message}`);
  }
}
