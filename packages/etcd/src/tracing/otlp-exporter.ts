/**
 * Sends spans to a collector by OTLP over gRPC, as the original does: in batches, some seconds late, over one plain connection. A
 * collector that does not take them costs spans, never a request: the queue is bounded and what does not fit is dropped and counted.
 */

import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Logger } from "@etcd-ts/base";
import { type Attributes, encodeExport, type Span } from "./otlp-message.ts";

const PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const SCOPE = "etcd-ts";
const BATCH_SPANS = 512;
const QUEUE_SPANS_MAX = 2048;
const BATCH_DELAY_MS = 5000;
const EXPORT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 500;

export interface ExporterOptions {
  /** `host:port`. */
  readonly address: string;
  readonly resource: Attributes;
  readonly log: Logger;
}

export class OtlpExporter {
  private readonly options: ExporterOptions;
  private queue: Span[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private session: ClientHttp2Session | undefined;

  constructor(options: ExporterOptions) {
    this.options = options;
  }

  add(span: Span): void {
    if (this.queue.length >= QUEUE_SPANS_MAX) {
      this.dropped++;
      return;
    }
    this.queue.push(span);
    if (this.queue.length >= BATCH_SPANS) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), BATCH_DELAY_MS).unref();
  }

  /** Sends what waits; resolves when the collector has answered, or could not. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const spans = this.queue;
    const { dropped } = this;
    this.queue = [];
    this.dropped = 0;
    if (spans.length === 0) return;
    const { resource, log } = this.options;
    const failure = await this.send(encodeExport(resource, SCOPE, spans));
    if (failure !== undefined || dropped > 0)
      log.warn("tracing/otlp-exporter.ts:58", "traces were not exported", {
        error: failure ?? "the queue was full",
        spans: failure === undefined ? dropped : dropped + spans.length,
      });
  }

  /** A collector that hangs does not hold up a stop. */
  async close(): Promise<void> {
    await Promise.race([this.flush(), new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS))]);
    this.session?.destroy();
  }

  /** Why it failed, if it did. */
  private send(message: Buffer): Promise<string | undefined> {
    return new Promise((resolve) => {
      const stream = this.connected().request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: PATH,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const onFields = (fields: Record<string, unknown>): void => {
        const status = fields["grpc-status"];
        if (status !== undefined)
          resolve(status === "0" ? undefined : String(fields["grpc-message"] ?? status));
      };
      stream.on("response", onFields).on("trailers", onFields);
      stream.on("error", (error) => resolve(error.message));
      stream.on("close", () => resolve("the collector closed the call"));
      stream.setTimeout(EXPORT_TIMEOUT_MS, () =>
        stream.destroy(new Error("the collector did not answer in time")),
      );
      stream.resume();
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
  }

  private connected(): ClientHttp2Session {
    if (this.session !== undefined && !this.session.destroyed && !this.session.closed) return this.session;
    const session = connect(`http://${this.options.address}`);
    // What is under way hears of it; the next batch connects anew.
    session.on("error", () => undefined);
    session.unref();
    this.session = session;
    return session;
  }
}
