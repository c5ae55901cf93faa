/**
 * Bugs that a simulation can be told to make, one at a time: a run with one must fail, or the checkers prove nothing. They are
 * made in the simulated host and disk, never in the product.
 */

export type PlantedBug =
  /** A sync returns without having made anything durable. */
  | "sync-skipped"
  /** The member hears that the log is durable before it is. */
  | "answer-before-sync"
  /** The database's meta page is made durable before the pages that it points to. */
  | "meta-before-data"
  /** Pages are reused though a reader still needs them. */
  | "early-page-reuse"
  /** A page that a commit frees is reused in the same commit: a crash goes back to a tree that has lost it. */
  | "page-reused-at-once"
  /** A batch closes while an entry is half applied. */
  | "batch-inside-entry"
  /** A snapshot is recorded in the log before the database is durable up to it. */
  | "snapshot-before-commit"
  /** Files are made, renamed and removed, and the folder is not synced. */
  | "folder-sync-skipped"
  /** An index checkpoint is used whatever database it was made of. */
  | "checkpoint-of-another"
  /** Renewals are acknowledged and change nothing. */
  | "renewal-ignored"
  /** A member that starts lets leases go on as if it had never been down, and longer. */
  | "restart-counts-down"
  /** Nobody looks for expired leases. */
  | "expiry-forgotten"
  /** What a watcher missed while its client did not read is forgotten. */
  | "missed-events-forgotten"
  /** Progress is told to watchers that lack events. */
  | "progress-too-early";

export const PLANTED_BUGS: readonly PlantedBug[] = [
  "sync-skipped",
  "answer-before-sync",
  "meta-before-data",
  "early-page-reuse",
  "page-reused-at-once",
  "batch-inside-entry",
  "snapshot-before-commit",
  "folder-sync-skipped",
  "checkpoint-of-another",
  "renewal-ignored",
  "restart-counts-down",
  "expiry-forgotten",
  "missed-events-forgotten",
  "progress-too-early",
];
