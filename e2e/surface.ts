/**
 * What of the original's surface a running member of ours has: every RPC, gateway path, endpoint and metric family, tried one by one.
 * Makes the tables of docs/COVERAGE.md.
 */
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { type Service, services } from "@etcd-ts/proto";
import { SERVER_METRIC_FAMILIES } from "./metric-families.ts";

export const SURFACE_BEGIN = "<!-- surface: begin (made by e2e/write-coverage.ts) -->";
export const SURFACE_END = "<!-- surface: end -->";
/** What the member must be started with, so that all endpoints are there. */
export const SURFACE_FLAGS = ["--metrics=extensive", "--enable-pprof=true", "--log-level=debug"];

const ENDPOINTS = [
  "/version",
  "/health",
  "/livez",
  "/livez/serializable_read",
  "/readyz",
  "/readyz/data_corruption",
  "/readyz/serializable_read",
  "/readyz/linearizable_read",
  "/readyz/non_learner",
  "/metrics",
  "/debug/vars",
  "/debug/pprof/",
  "/debug/pprof/cmdline",
  "/debug/pprof/heap",
  "/debug/pprof/profile?seconds=1",
  "/debug/requests",
  "/debug/events",
];
const PEER_ENDPOINTS = [
  "/version",
  "/members",
  "/members/promote/1",
  "/members/hashkv",
  "/downgrade/enabled",
  "/leases",
  "/leases/internal",
  "/raft",
  "/raft/probing",
  "/raft/snapshot",
  "/raft/stream/message/1",
  "/raft/stream/msgapp/1",
];
/** They answer, and know nobody. */
const RAFT_ENDPOINT = /^\/raft(?:$|\/snapshot|\/stream)/;
const RAFT_STATE = "refused: judges release, cluster and sender as a member does; other members come later";

const ANSWER_TIMEOUT_MS = 2000;
const UNIMPLEMENTED = "12";

interface Row {
  readonly what: string;
  readonly state: string;
}

export async function surfaceTables(clientUrl: string, peerUrl: string): Promise<string> {
  const rpcs = await rpcRows(clientUrl);
  const sections: readonly (readonly [string, string, readonly Row[]])[] = [
    ["RPCs", "RPC", rpcs],
    ["Gateway paths", "path", await gatewayRows(clientUrl)],
    ["Endpoints of the client port", "path", await endpointRows(clientUrl, ENDPOINTS)],
    ["Endpoints of the peer port", "path", await endpointRows(peerUrl, PEER_ENDPOINTS)],
    ["Metric families", "family", await metricRows(clientUrl)],
  ];
  return sections.map(([title, head, rows]) => tableOf(title, head, rows)).join("\n\n");
}

/** The document with these tables in their place. */
export function withSurface(document: string, tables: string): string {
  const [lo, hi] = [document.indexOf(SURFACE_BEGIN), document.indexOf(SURFACE_END)];
  return `${document.slice(0, lo + SURFACE_BEGIN.length)}\n\n${tables}\n\n${document.slice(hi)}`;
}

function tableOf(title: string, head: string, rows: readonly Row[]): string {
  const lines = rows.map(({ what, state }) => `| \`${what}\` | ${state} |`);
  return [`## ${title}`, "", `${countsOf(rows)}.`, "", `| ${head} | state |`, "|---|---|", ...lines].join(
    "\n",
  );
}

/** "51 paths: 30 works, 21 refused". */
function countsOf(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) {
    const word = state.split(":")[0]!;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return `${rows.length}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(", ")}`;
}

async function rpcRows(clientUrl: string): Promise<Row[]> {
  const session = connect(clientUrl);
  const rows: Row[] = [];
  for (const { methods } of services as readonly Service[]) {
    for (const { path } of Object.values(methods)) {
      rows.push({ what: path.slice(1), state: stateOf(await callEmpty(session, path)) });
    }
  }
  session.destroy();
  return rows;
}

interface CallEnd {
  readonly status: string;
  readonly text: string;
}

/** Calls with an empty message. A call that waits for something is there. */
function callEmpty(session: ClientHttp2Session, path: string): Promise<CallEnd> {
  return new Promise((resolve) => {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const timer = setTimeout(() => {
      resolve({ status: "0", text: "" });
      stream.close(constants.NGHTTP2_CANCEL);
    }, ANSWER_TIMEOUT_MS);
    const onFields = (fields: Record<string, unknown>) => {
      if (fields["grpc-status"] === undefined) return;
      clearTimeout(timer);
      resolve({ status: String(fields["grpc-status"]), text: String(fields["grpc-message"] ?? "") });
    };
    stream
      .on("response", onFields)
      .on("trailers", onFields)
      .on("error", () => undefined);
    stream.resume();
    stream.end(Buffer.alloc(5));
  });
}

function stateOf({ status, text }: CallEnd): string {
  if (status !== UNIMPLEMENTED) return "works";
  return text.startsWith("unknown service") || text.startsWith("unknown method")
    ? "refused: Unimplemented, it comes later"
    : `refused: ${text}`;
}

async function gatewayRows(clientUrl: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { methods } of services as readonly Service[]) {
    for (const { gatewayPaths } of Object.values(methods)) {
      for (const path of gatewayPaths) rows.push({ what: path, state: await gatewayState(clientUrl + path) });
    }
  }
  return rows;
}

async function gatewayState(url: string): Promise<string> {
  const status = await statusOf(url, { method: "POST", body: "{}" });
  // A path that no RPC has answers as an RPC whose key or lease is not there: a GET tells them apart.
  if (status === 404 && (await statusOf(url, {})) === 404) return "missing";
  return status === 501 ? "refused: Unimplemented, it comes later" : "works";
}

async function endpointRows(url: string, paths: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of paths) {
    const status = await statusOf(url + path, {});
    const state = status === 404 ? "missing" : RAFT_ENDPOINT.test(path) ? RAFT_STATE : "works";
    rows.push({ what: path, state });
  }
  return rows;
}

/** 200 for an answer that does not come to its end. */
async function statusOf(url: string, init: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 200;
  }
}

async function metricRows(clientUrl: string): Promise<Row[]> {
  const text = await (await fetch(`${clientUrl}/metrics`)).text();
  const shown = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`),
  );
  const rows = SERVER_METRIC_FAMILIES.map(({ family, when }) => {
    const isShown = shown.has(family);
    return { what: family, state: isShown ? "works" : (when ?? "missing") };
  });
  const own = [...shown].filter((family) => !SERVER_METRIC_FAMILIES.some((known) => known.family === family));
  return [...rows, ...own.sort().map((what) => ({ what, state: "stand-in or own: of the run-time" }))];
}
