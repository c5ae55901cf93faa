/**
 * `/debug/pprof/`, with `--enable-pprof` or log level debug. The paths are the original's, what they give is V8's: `profile` a CPU profile,
 * `heap` a snapshot of the heap, `allocs` sampled allocations, `trace` events of the run-time. With `debug=1` a profile is told
 * as text.
 */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import {
  answerError,
  type Exchange,
  type Handler,
  NO_SNIFF,
  PLAIN_TEXT,
  type RequestUrl,
} from "../exchange.ts";
import { htmlText, type Routes } from "../routes.ts";
import { Profiler } from "./profiler.ts";

const ROOT = "/debug/pprof/";
const BINARY: readonly [string, string] = ["Content-Type", "application/octet-stream"];
const HTML: readonly [string, string] = ["Content-Type", "text/html; charset=utf-8"];
const SECONDS_DEFAULT = { profile: 30, trace: 1, allocs: 1 } as const;
const SECONDS_MAX = 600;

/** Profiles by name, with what they tell as text. */
const NAMED: Readonly<Record<string, () => string>> = {
  allocs: heapText,
  block: delayText,
  goroutine: () => `${process.getActiveResourcesInfo().join("\n")}\n`,
  heap: heapText,
  mutex: delayText,
  threadcreate: () => "threads: the event loop, its pool, the log's, the database's\n",
};

const delay = monitorEventLoopDelay({ resolution: 20 });

export function addProfiles(routes: Routes): void {
  delay.enable();
  const profiler = new Profiler();
  routes.add(ROOT, (exchange, url) => serveNamed(profiler, exchange, url));
  routes.add(`${ROOT}cmdline`, (exchange) =>
    exchange.answer(200, [PLAIN_TEXT, NO_SNIFF], process.argv.slice(1).join("\0")),
  );
  routes.add(`${ROOT}symbol`, (exchange) => exchange.answer(200, [PLAIN_TEXT, NO_SNIFF], "num_symbols: 1\n"));
  routes.add(
    `${ROOT}profile`,
    recorded("profile", (seconds) => profiler.cpuProfile(seconds)),
  );
  routes.add(
    `${ROOT}trace`,
    recorded("trace", (seconds) => profiler.trace(seconds)),
  );
}

function serveNamed(profiler: Profiler, exchange: Exchange, url: RequestUrl): void {
  const name = url.path.slice(ROOT.length);
  if (name === "") return exchange.answer(200, [NO_SNIFF, HTML], indexPage());
  const tell = NAMED[name];
  if (tell === undefined) return answerError(exchange, 404, "Unknown profile");
  if (Number(url.query.get("debug") ?? 0) !== 0) return exchange.answer(200, [PLAIN_TEXT, NO_SNIFF], tell());
  if (name === "heap") return sendStream(exchange, name, profiler.heapSnapshot());
  if (name === "allocs") return recorded(name, (seconds) => profiler.allocations(seconds))(exchange, url);
  exchange.answer(200, binaryFields(name), tell());
}

function recorded(
  name: keyof typeof SECONDS_DEFAULT,
  record: (seconds: number) => Promise<string> | undefined,
): Handler {
  return (exchange, { query }) => {
    const asked = Number(query.get("seconds") ?? 0);
    const seconds = asked > 0 ? Math.min(asked, SECONDS_MAX) : SECONDS_DEFAULT[name];
    const recording = record(seconds);
    if (recording === undefined) {
      return answerError(exchange, 500, "Could not enable profiling: profiling already in use");
    }
    recording.then(
      (profile) => exchange.answer(200, binaryFields(name), profile),
      (error: Error) => answerError(exchange, 500, error.message),
    );
  };
}

function sendStream(exchange: Exchange, name: string, stream: NodeJS.ReadableStream): void {
  exchange.begin(200, binaryFields(name));
  exchange.onDrain = () => stream.resume();
  exchange.onGone = () => stream.pause();
  stream.on("data", (chunk: Uint8Array) => {
    if (!exchange.write(chunk)) stream.pause();
  });
  stream.on("end", () => exchange.end());
}

function binaryFields(name: string): [string, string][] {
  return [[...BINARY], [...NO_SNIFF], ["Content-Disposition", `attachment; filename="${name}"`]];
}

function heapText(): string {
  const lines = Object.entries(getHeapStatistics()).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join("\n")}\n`;
}

/** What the event loop waits for is what locks are elsewhere. */
function delayText(): string {
  const milliseconds = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(3);
  const lines = [50, 90, 99, 100].map(
    (p) => `event loop delay p${p}: ${milliseconds(delay.percentile(p))} ms`,
  );
  return `${lines.join("\n")}\n`;
}

function indexPage(): string {
  const names = [...Object.keys(NAMED), "cmdline", "profile", "symbol", "trace"].sort();
  const items = names.map((name) => `<li><a href="${htmlText(name)}?debug=1">${htmlText(name)}</a></li>`);
  return `<html>\n<head><title>${ROOT}</title></head>\n<body>\n<h1>${ROOT}</h1>\n<ul>\n${items.join("\n")}\n</ul>\n</body>\n</html>\n`;
}
