/**
 * From HEADERS and CONTINUATION frames to request heads. Every block passes the decoder, wanted or not, because each may
 * change the dynamic table; only those that the cache knows to change nothing are skipped.
 *
 * Bounds: a block is no longer than the list that it may hold, and comes in no more frames than that needs, and a few.
 */

import { ErrorCode, Flag, INITIAL_HEADER_TABLE_BYTES, MAX_FRAME_BYTES } from "../http2/frame.ts";
import { HpackDecoder } from "../http2/hpack-decoder.ts";
import { type Breach, breach } from "./breach.ts";
import { HeaderCache } from "./header-cache.ts";
import { RequestHead } from "./request-head.ts";

const CONTINUATION_FRAMES_SPARE = 8;
const PRIORITY_BYTES = 5;
const MODELS_MAX = 4;

export class HeaderBlocks {
  /** The stream of the block that has not ended; 0: none. Only its CONTINUATION may come then. */
  openStreamId = 0;
  /** The HEADERS frame of the open or last block ended its stream. */
  endsStream = false;
  /** The bytes of the last complete block. */
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private parts: Buffer[] = [];
  private partsBytes = 0;
  private readonly listBytesMax: number;
  private readonly decoder: HpackDecoder;
  private readonly cache = new HeaderCache();
  /** Heads with a timeout; the next ones may differ in that alone. */
  private readonly models: RequestHead[] = [];
  private nextModel = 0;

  constructor(listBytesMax: number) {
    this.listBytesMax = listBytesMax;
    this.decoder = new HpackDecoder(INITIAL_HEADER_TABLE_BYTES, listBytesMax);
  }

  /** A HEADERS frame. Afterwards the block is complete unless `openStreamId` is set. */
  onHeaders(
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    let start = payload;
    let end = payload + length;
    if ((flags & Flag.PADDED) !== 0) {
      end -= length > 0 ? bytes[start]! : length;
      start++;
    }
    if ((flags & Flag.PRIORITY) !== 0) start += PRIORITY_BYTES;
    if (start > end) return breach(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
    this.endsStream = (flags & Flag.END_STREAM) !== 0;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    if ((flags & Flag.END_HEADERS) !== 0) return undefined;
    this.openStreamId = streamId;
    this.parts = [bytes.subarray(start, end)];
    this.partsBytes = end - start;
    return undefined;
  }

  onContinuation(flags: number, bytes: Buffer, payload: number, length: number): Breach | undefined {
    if (this.openStreamId === 0) return breach(ErrorCode.PROTOCOL_ERROR, "CONTINUATION without HEADERS");
    this.parts.push(bytes.subarray(payload, payload + length));
    this.partsBytes += length;
    const framesMax = this.listBytesMax / MAX_FRAME_BYTES + CONTINUATION_FRAMES_SPARE;
    if (this.partsBytes > this.listBytesMax || this.parts.length > framesMax) {
      return breach(ErrorCode.ENHANCE_YOUR_CALM, "header block too long");
    }
    if ((flags & Flag.END_HEADERS) === 0) return undefined;
    this.bytes = Buffer.concat(this.parts, this.partsBytes);
    this.start = 0;
    this.end = this.partsBytes;
    this.parts = [];
    this.openStreamId = 0;
    return undefined;
  }

  /** The complete block as a request. `undefined`: its list is too large, and the stream shall be refused. */
  takeHead(): RequestHead | Breach | undefined {
    const { bytes, start, end } = this;
    const { table } = this.decoder;
    const { generation } = table;
    const known = this.cache.find(generation, bytes, start, end);
    if (known !== undefined) return known;
    const fields: string[] = [];
    const broken = this.decoder.decode(bytes, start, end, fields);
    if (broken !== undefined) return breach(ErrorCode.COMPRESSION_ERROR, broken);
    if (this.decoder.tooLarge) return undefined;
    const head = this.judge(fields);
    if (table.generation === generation) this.cache.add(generation, bytes, start, end, head);
    return head;
  }

  private judge(fields: readonly string[]): RequestHead {
    for (let i = 0; i < this.models.length; i++) {
      const head = this.models[i]!.withTimeoutOf(fields);
      if (head !== undefined) return head;
    }
    const head = new RequestHead(fields);
    if (head.timeoutMs !== Number.POSITIVE_INFINITY) {
      this.models[this.nextModel] = head;
      this.nextModel = (this.nextModel + 1) % MODELS_MAX;
    }
    return head;
  }

  /** The complete block as trailers: nothing in them matters. */
  takeTrailers(): Breach | undefined {
    const broken = this.decoder.decode(this.bytes, this.start, this.end, []);
    return broken === undefined ? undefined : breach(ErrorCode.COMPRESSION_ERROR, broken);
  }
}
