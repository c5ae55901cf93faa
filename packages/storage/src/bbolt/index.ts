/** The database file in bbolt's format, version 2: reading and writing of pages, trees, metas and whole files. */

export { BulkWriter } from "./bulk-writer.ts";
export { CompactedCopy } from "./compacted-copy.ts";
export { createDatabase } from "./create-database.ts";
export { type BucketOptions, type Commit, Database, type DatabaseOptions } from "./database.ts";
export { DatabaseError, describePage } from "./database-error.ts";
export { DatabaseHash, type SkippedRecord } from "./database-hash.ts";
export { decodeMeta, encodeMeta, findMeta, type Meta } from "./meta-page.ts";
export { OPERATION_DELETE, OPERATION_PUT, OperationPacker, OperationReader } from "./operation-batch.ts";
export { checkDatabase, type PageCheckReport, type PageLists, type PageProblem } from "./page-check.ts";
export { nodeFault, PAGE_BYTES_DEFAULT, pageOverflow } from "./page-layout.ts";
export { readNode } from "./page-store.ts";
export {
  ABSENT,
  type Bucket,
  FOUND,
  MISSED,
  type Outcome,
  type PageSource,
  rootBucket,
  TreeCursor,
} from "./tree-cursor.ts";
export { type ReadNode, TreeDifference } from "./tree-difference.ts";
