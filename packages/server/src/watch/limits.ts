/** How much work, memory and delay one step of the watches may take. Tests make them small. */

export interface WatchLimits {
  /** Memory for events of recent revisions. */
  readonly logBytesMax: number;
  /** A revision with more changes is delivered in slices, not within its apply. */
  readonly liveChangesMax: number;
  /**
   * Deliveries of one turn, beyond which the front cohort falls behind: the rest is delivered after the applies of the turn, in
   * slices, and several revisions in one response, which costs a fraction of as many responses.
   */
  readonly liveDeliveriesMax: number;
  /** Events of the log that one turn reads, or what costs as much. */
  readonly turnBudgetRecords: number;
  /** Cohorts that read at a time: their batches are what history takes of memory. */
  readonly activeCohortsMax: number;
  /** Watchers of one cohort: it moves as a whole into another. */
  readonly cohortWatchersMax: number;
  /** Watchers whose positions lie in one window of so many revisions read together. */
  readonly windowRevisions: number;
  /** Records that a cohort reads before others have their turn. */
  readonly cohortTurnRecords: number;
  /** Distinct revisions of one response out of history. */
  readonly responseRevisionsMax: number;
  /** Bytes of distinct events above which a cohort's batch is sent. */
  readonly batchBytesMax: number;
  /** Bytes in the queues of blocked streams above which responses out of history become small. */
  readonly heldBytesHigh: number;
  /** Bytes of a small response; one revision is the least. */
  readonly smallResponseBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_WATCH_LIMITS: WatchLimits = {
  logBytesMax: 16 * MIB,
  liveChangesMax: 1000,
  liveDeliveriesMax: 256,
  turnBudgetRecords: 2000,
  activeCohortsMax: 4,
  cohortWatchersMax: 4096,
  windowRevisions: 1000,
  cohortTurnRecords: 50_000,
  responseRevisionsMax: 1000,
  batchBytesMax: 8 * MIB,
  heldBytesHigh: 64 * MIB,
  smallResponseBytes: 16 * KIB,
};
