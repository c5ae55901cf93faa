/** What the key-value store has done since its start, as the original counts it. */
export class StoreCounters {
  /** Operations, those within txns included. */
  puts = 0;
  deletes = 0;
  ranges = 0;
  /** Reads and writes of more than one operation. */
  txns = 0;
  /** Keys and values of puts. */
  putBytes = 0;
  /** Records that compactions removed. */
  compactedRecords = 0;
}
