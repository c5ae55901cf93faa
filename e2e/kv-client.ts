/**
 * A gRPC client of the key-value service for load in tests, over Node's own HTTP/2: independent of the product's engine, and
 * without retries, so that every answer is one answer of the server.
 */
import { type ClientHttp2Session, connect, constants } from "node:http2";
import {
  createPutRequest,
  createRangeRequest,
  decodeKeyValue,
  decodePutResponse,
  decodeRangeResponse,
  encodePutRequest,
  encodeRangeRequest,
  type KeyValue,
} from "@etcd-ts/proto";

export interface Read {
  readonly revision: number;
  readonly pairs: readonly KeyValue[];
}

export class KvClient {
  readonly #session: ClientHttp2Session;

  constructor(url: string) {
    this.#session = connect(url);
    // A killed server ends the session with an error; the calls under way say so.
    this.#session.on("error", () => undefined);
  }

  /** The revision of the put; undefined: no answer, or a refusal. */
  async put(key: string, value: string): Promise<number | undefined> {
    const request = encodePutRequest(createPutRequest({ key: Buffer.from(key), value: Buffer.from(value) }));
    const answer = await this.call("/etcdserverpb.KV/Put", request);
    return answer === undefined ? undefined : decodePutResponse(answer).header?.revision;
  }

  /** Linearizable; all keys with the prefix. */
  async range(prefix: string): Promise<Read | undefined> {
    const rangeEnd = Buffer.from(prefix);
    rangeEnd[rangeEnd.length - 1]! += 1;
    const request = encodeRangeRequest(createRangeRequest({ key: Buffer.from(prefix), rangeEnd }));
    const answer = await this.call("/etcdserverpb.KV/Range", request);
    if (answer === undefined) return undefined;
    const { header, kvs } = decodeRangeResponse(answer);
    return { revision: header?.revision ?? 0, pairs: kvs.map((kv) => decodeKeyValue(kv)) };
  }

  close(): void {
    this.#session.destroy();
  }

  /** Any unary call; undefined: no answer, or a refusal. */
  call(path: string, request: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#session.closed || this.#session.destroyed) return Promise.resolve(undefined);
    const stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const frame = Buffer.alloc(5 + request.length);
    frame.writeUInt32BE(request.length, 1);
    frame.set(request, 5);
    stream.end(frame);
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let status: unknown;
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("response", (headers) => {
        status = headers["grpc-status"];
      });
      stream.on("trailers", (headers) => {
        status = headers["grpc-status"];
      });
      stream.on("error", () => resolve(undefined));
      stream.on("close", () => {
        const bytes = Buffer.concat(chunks);
        resolve(status === "0" && bytes.length >= 5 ? bytes.subarray(5) : undefined);
      });
    });
  }
}
