/** How a log is kept, and what an open one knows: plain data, which also goes to the thread that writes it. */

import { SEGMENT_SIZE_BYTES } from "./record.ts";
import type { SegmentName } from "./segment-name.ts";
import { encodeWalMetadata, type WalMetadata } from "./walpb.ts";

export interface WalOptions {
  /** Segments are cut at the first batch that ends past it; permanent, but smaller in tests. */
  readonly segmentSizeBytes?: number;
  /** Zeros written ahead in one piece; it bounds how long a batch waits for it. 0: none are written. */
  readonly fillPieceBytes?: number;
  /** Segments that are kept when older ones are not needed any more; 0: all. */
  readonly segmentsMax?: number;
  /** False with `--unsafe-no-fsync`. */
  readonly syncs?: boolean;
}

/** Everything of an open log but its files; plain data, to hand it to another thread. */
export interface WalState {
  readonly directory: string;
  readonly options: Required<WalOptions>;
  readonly segments: readonly SegmentName[];
  readonly metadataRecord: Uint8Array;
  readonly stateRecord: Uint8Array | undefined;
  readonly crc: number;
  readonly end: number;
  readonly filledEnd: number;
  readonly lastIndex: number;
}

export const DEFAULT_WAL_OPTIONS: Required<WalOptions> = {
  segmentSizeBytes: SEGMENT_SIZE_BYTES,
  fillPieceBytes: 262_144,
  segmentsMax: 5,
  syncs: true,
};

/** A log with nothing in its first segment. */
export function emptyState(
  directory: string,
  options: Required<WalOptions>,
  name: SegmentName,
  metadata: WalMetadata,
): WalState {
  return {
    directory,
    options,
    segments: [name],
    metadataRecord: encodeWalMetadata(metadata),
    stateRecord: undefined,
    crc: 0,
    end: 0,
    filledEnd: 0,
    lastIndex: 0,
  };
}
