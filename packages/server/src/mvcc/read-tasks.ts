/** Range and RangeStream as tasks (`api-semantics.md` 4). */

import { createRangeRequest, type RangeRequest } from "@etcd-ts/proto";
import { RangeRead } from "./range-read.ts";
import { rangeResponse, rangeStreamResponse } from "./responses.ts";
import type { PinnedReader, StoreState } from "./store-state.ts";
import type { Outcome, Progress, RangeStreamTask, ReadTask, StoreError } from "./store-types.ts";

const NO_HEADER = new Uint8Array(0);
/** Keys of the first chunk of a stream. */
const FIRST_CHUNK_KEYS = 10;

/** Why a read at `revision` (0 or below: the newest) is refused. */
export function readRefusal(state: StoreState, revision: number): StoreError | undefined {
  if (revision > state.currentRevision) return "ErrGRPCFutureRev";
  return revision > 0 && revision < state.compactRevision ? "ErrGRPCCompacted" : undefined;
}

export class RangeTask implements ReadTask, PinnedReader {
  outcome: Outcome | undefined;
  /** Fixed with the first slice. */
  revision = 0;
  private readonly state: StoreState;
  private readonly request: RangeRequest;
  private reading: RangeRead | undefined;
  private currentRevision = 0;

  constructor(state: StoreState, request: RangeRequest) {
    this.state = state;
    this.request = request;
  }

  run(budget: number): Progress {
    this.reading ??= this.begin();
    if (this.reading === undefined) return "done";
    const progress = this.reading.run(budget);
    if (progress !== "done") {
      this.state.readers.add(this);
      return progress;
    }
    const { pairs, more, count } = this.reading;
    const header = this.state.headers.encode(this.currentRevision);
    this.outcome = { error: undefined, response: rangeResponse(header, pairs, more, count) };
    this.close();
    return "done";
  }

  close(): void {
    this.state.readers.delete(this);
  }

  private begin(): RangeRead | undefined {
    const { state, request } = this;
    const error = readRefusal(state, request.revision);
    if (error !== undefined) {
      this.outcome = { error, response: undefined };
      return undefined;
    }
    this.currentRevision = state.currentRevision;
    this.revision = request.revision > 0 ? request.revision : state.currentRevision;
    return new RangeRead(state, request, this.revision);
  }
}

/**
 * A range in chunks. The revision is fixed by the first; between chunks nothing is pinned, so that a slow receiver meets a compaction
 * as an error after the chunks that it got. An order by something else than the key is that of each chunk by itself, and the next
 * begins behind the key that came last in it, as with the original: keys may come twice, or not at all.
 */
export class StreamTask implements RangeStreamTask, PinnedReader {
  outcome: Outcome | undefined;
  ended = false;
  /** Fixed with the first slice; until then the one asked for. */
  revision: number;
  private readonly state: StoreState;
  private readonly request: RangeRequest;
  private readonly requestBytesMax: number;
  private currentRevision = 0;
  private reading: RangeRead | undefined;
  private low: Uint8Array;
  private chunkKeys: number;
  /** Keys that the request's limit still allows. */
  private keysLeft: number;
  /** Keys of the whole range, known with the first chunk. */
  private total = -1;

  constructor(state: StoreState, request: RangeRequest, requestBytesMax: number) {
    this.state = state;
    this.request = request;
    this.requestBytesMax = requestBytesMax;
    this.revision = request.revision;
    this.low = request.key;
    this.keysLeft = request.limit > 0 ? request.limit : Number.POSITIVE_INFINITY;
    // A limit below zero asks for all in one.
    this.chunkKeys = request.limit < 0 ? Number.POSITIVE_INFINITY : FIRST_CHUNK_KEYS;
  }

  run(budget: number): Progress {
    if (this.reading === undefined) {
      const error = readRefusal(this.state, this.revision);
      if (error !== undefined) {
        this.outcome = { error, response: undefined };
        this.ended = true;
        return "done";
      }
      this.reading = this.openChunk();
    }
    const progress = this.reading.run(budget);
    if (progress !== "done") {
      this.state.readers.add(this);
      return progress;
    }
    this.close();
    this.endChunk(this.reading);
    return "done";
  }

  next(): void {
    this.outcome = undefined;
    this.reading = undefined;
  }

  close(): void {
    this.state.readers.delete(this);
  }

  private openChunk(): RangeRead {
    if (this.total < 0) {
      this.currentRevision = this.state.currentRevision;
      if (this.revision <= 0) this.revision = this.currentRevision;
    }
    const keys = Math.min(this.chunkKeys, this.keysLeft);
    const request = createRangeRequest({
      ...this.request,
      key: this.low,
      limit: Number.isFinite(keys) ? keys : 0,
    });
    return new RangeRead(this.state, request, this.revision);
  }

  private endChunk(chunk: RangeRead): void {
    if (this.total < 0) this.total = chunk.count;
    this.keysLeft -= chunk.pairs.count;
    this.low = chunk.nextLow;
    this.ended = !chunk.more || this.keysLeft <= 0;
    const response = this.ended
      ? rangeResponse(this.state.headers.encode(this.currentRevision), chunk.pairs, chunk.more, this.total)
      : rangeResponse(NO_HEADER, chunk.pairs, false, 0);
    this.outcome = { error: undefined, response: rangeStreamResponse(response) };
    if (response.size < this.requestBytesMax / 2) this.chunkKeys *= 2;
    else if (response.size > this.requestBytesMax * 2)
      this.chunkKeys = Math.max(1, Math.floor(this.chunkKeys / 2));
  }
}
