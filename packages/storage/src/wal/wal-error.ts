/** What can be wrong with a write-ahead log that was found on disk. Failures of the disk itself are `DiskError`s. */

/**
 * - `damaged`: a record is not what was written, or does not fit the others;
 * - `missing`: a segment or record that must be there is not;
 * - `locked`: another process uses it.
 */
export type WalErrorCode = "damaged" | "missing" | "locked";

export class WalError extends Error {
  override readonly name = "WalError";
  readonly code: WalErrorCode;
  readonly path: string;
  /** Where in the file, when a record is at fault. */
  readonly offset: number | undefined;

  constructor(code: WalErrorCode, path: string, offset: number | undefined, reason: string) {
    super(offset === undefined ? `wal: ${path}: ${reason}` : `wal: ${path}, offset ${offset}: ${reason}`);
    this.code = code;
    this.path = path;
    this.offset = offset;
  }
}
