/** `/metrics`: all families, in the form that the scraper asks for (`http-endpoints.md` 7). */

import { gzip } from "node:zlib";
import {
  counter,
  type Family,
  gauge,
  labelled,
  metricsProtobuf,
  metricsText,
  type Sample,
  sortedFamilies,
} from "@etcd-ts/server";
import type { Exchange } from "../exchange.ts";

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const PROTOBUF =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

export class MetricsEndpoint {
  private readonly collect: () => Iterable<Family>;
  private served = 0;
  private underWay = 0;

  constructor(collect: () => Iterable<Family>) {
    this.collect = collect;
  }

  serve(exchange: Exchange): void {
    this.underWay++;
    const families = sortedFamilies([...this.collect(), ...this.ownFamilies()]);
    const accept = exchange.header("accept") ?? "";
    const asProtobuf = wantsProtobuf(accept);
    const escaping = /escaping=([\w-]+)/.exec(accept)?.[1] ?? "underscores";
    const type = `${asProtobuf ? PROTOBUF : TEXT}; escaping=${escaping}`;
    const body = asProtobuf ? metricsProtobuf(families) : Buffer.from(metricsText(families));
    if (!wantsGzip(exchange.header("accept-encoding") ?? "")) return this.answer(exchange, type, body, []);
    gzip(body, (error, packed) => {
      if (error === null) this.answer(exchange, type, packed, [["Content-Encoding", "gzip"]]);
      else this.answer(exchange, type, body, []);
    });
  }

  private answer(
    exchange: Exchange,
    type: string,
    body: Buffer,
    encoding: readonly (readonly [string, string])[],
  ): void {
    exchange.begin(200, [["Content-Type", type], ...encoding]);
    exchange.write(body);
    exchange.end();
    this.underWay--;
    this.served++;
  }

  private ownFamilies(): Family[] {
    const code = (text: string, value: number): Sample => ({ labels: [["code", text]], value });
    const served = [code("200", this.served), code("500", 0), code("503", 0)];
    return [
      labelled("promhttp_metric_handler_requests_total", "counter", "Scrapes by status.", served),
      gauge("promhttp_metric_handler_requests_in_flight", "Scrapes under way.", this.underWay),
    ];
  }
}

function wantsProtobuf(accept: string): boolean {
  return (
    /application\/vnd\.google\.protobuf/.test(accept) &&
    /proto=io\.prometheus\.client\.MetricFamily/.test(accept) &&
    /encoding=delimited/.test(accept)
  );
}

function wantsGzip(encodings: string): boolean {
  return encodings.split(",").some((part) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(part));
}

/** Answers of `/health`. */
export function healthFamilies(success: number, failures: number): Family[] {
  return [
    counter("etcd_server_health_success", "Good answers of /health.", success),
    counter("etcd_server_health_failures", "Bad answers of /health.", failures),
  ];
}
