/**
 * Names of segments: sequence number and the first raft index that the segment may contain, as 16 hex digits each.
 *
 *     0000000000000001-00000000000186a1.wal
 */

export interface SegmentName {
  readonly name: string;
  readonly sequence: number;
  readonly index: number;
}

const PATTERN = /^([0-9a-f]{16})-([0-9a-f]{16})\.wal$/;

export function segmentName(sequence: number, index: number): SegmentName {
  return { name: `${hex16(sequence)}-${hex16(index)}.wal`, sequence, index };
}

/** The segments among the names of a folder, in order; other names are none of the log's business. */
export function segmentsAmong(names: readonly string[]): SegmentName[] {
  const segments: SegmentName[] = [];
  for (const name of [...names].sort()) {
    const match = PATTERN.exec(name);
    if (match === null) continue;
    const sequence = Number.parseInt(match[1]!, 16);
    const index = Number.parseInt(match[2]!, 16);
    if (Number.isSafeInteger(sequence) && Number.isSafeInteger(index))
      segments.push({ name, sequence, index });
  }
  return segments;
}

/** Position of the last segment whose index is at or below `index`; -1 when there is none. */
export function segmentPositionAt(segments: readonly SegmentName[], index: number): number {
  for (let i = segments.length - 1; i >= 0; i--) if (segments[i]!.index <= index) return i;
  return -1;
}

export function hex16(value: number): string {
  return value.toString(16).padStart(16, "0");
}
