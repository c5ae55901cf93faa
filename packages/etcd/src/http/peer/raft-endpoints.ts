/**
 * Raft's paths (`peer-protocol.md` 3 to 7), as a member without peers serves them: who comes from another release or another cluster
 * hears that, anybody else that he is not known. No message reaches raft this way.
 */

import type { Logger } from "@etcd-ts/base";
import { decodeMessage, type Message, MessageType } from "@etcd-ts/proto";
import { hex, SERVER_VERSION } from "@etcd-ts/server";
import { answerError, type Exchange, type Handler, only, PLAIN_TEXT } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import { nameCluster } from "./cluster-endpoints.ts";
import type { PeerHttpParts } from "./peer-http.ts";

const STREAM_ROOT = "/raft/stream/";
const MESSAGE_BYTES_MAX = 1024 * 1024;
const LENGTH_BYTES = 8;
/** Members that say nothing are taken to be of this version. */
const OLDEST_VERSION = "2.0.0";
/** Whom this release can work with. */
const MIN_CLUSTER_VERSION = "3.0.0";

export function addRaftEndpoints(routes: Routes, parts: PeerHttpParts): void {
  const { log } = parts;
  routes.add("/raft/probing", probe);
  routes.add(
    "/raft",
    only(
      "POST",
      judged(parts, (exchange) => takeMessage(exchange, log)),
    ),
  );
  routes.add(
    "/raft/snapshot",
    only(
      "POST",
      judged(parts, (exchange) => takeSnapshot(exchange, log)),
    ),
  );
  const stream = judged(parts, (exchange, { path }) => refuseStream(exchange, path, parts));
  routes.add(
    STREAM_ROOT,
    only("GET", (exchange, url) => {
      exchange.extraHeaders.push(["X-Server-Version", SERVER_VERSION]);
      stream(exchange, url);
    }),
  );
}

function probe(exchange: Exchange): void {
  exchange.answer(200, [PLAIN_TEXT], `${JSON.stringify({ OK: true, Now: new Date().toISOString() })}\n`);
}

/** Lets pass who could be a member by release and cluster. */
function judged(parts: PeerHttpParts, handler: Handler): Handler {
  return (exchange, url) => {
    nameCluster(exchange, parts);
    const objection = objectionTo(exchange, hex(parts.clusterId));
    if (objection === undefined) return handler(exchange, url);
    parts.log.warn("peer/raft-endpoints.ts:59", "request from a peer refused", {
      "remote-peer-id": exchange.header("x-server-from") ?? "",
      "remote-address": exchange.peer.address,
      error: objection,
    });
    answerError(exchange, 412, objection);
  };
}

function objectionTo(exchange: Exchange, clusterId: string): string | undefined {
  const version = minorOf(exchange.header("x-server-version") ?? OLDEST_VERSION);
  const needed = minorOf(exchange.header("x-min-cluster-version") ?? OLDEST_VERSION);
  const isCompatible = version >= minorOf(MIN_CLUSTER_VERSION) && needed <= minorOf(SERVER_VERSION);
  if (!isCompatible) return "incompatible version";
  return exchange.header("x-etcd-cluster-id") === clusterId ? undefined : "cluster ID mismatch";
}

/** Orders versions by major and minor; no version at all is below any. */
function minorOf(version: string): number {
  const [, major, minor] = /^(\d{1,5})\.(\d{1,5})\./.exec(version) ?? [];
  return major === undefined ? -1 : Number(major) * 100_000 + Number(minor);
}

function takeMessage(exchange: Exchange, log: Logger): void {
  exchange.readBody(MESSAGE_BYTES_MAX, (body) => {
    if (body === undefined) return answerError(exchange, 400, "error reading raft message");
    const message = body.length === 0 ? undefined : decoded(body);
    if (message === undefined) return answerError(exchange, 400, "error unmarshalling raft message");
    tellUnknown(log, message);
    answerError(exchange, 500, "error processing raft message");
  });
}

function takeSnapshot(exchange: Exchange, log: Logger): void {
  exchange.readBody(MESSAGE_BYTES_MAX, (body) => {
    if (body === undefined) return answerError(exchange, 500, "failed to save KV snapshot (no such peer)");
    const outcome = snapshotMessage(body);
    if (typeof outcome === "string")
      return answerError(exchange, 400, `failed to decode raft message (${outcome})`);
    if (outcome.type !== MessageType.Snap) return answerError(exchange, 400, "wrong raft message type");
    tellUnknown(log, outcome);
    answerError(exchange, 500, "failed to process raft message (no such peer)");
  });
}

/** The message in front of a database, or why there is none. */
function snapshotMessage(body: Buffer): Message | string {
  if (body.length === 0) return "EOF";
  if (body.length < LENGTH_BYTES) return "unexpected EOF";
  const length = body.readBigUInt64BE();
  if (length > body.length - LENGTH_BYTES) return "unexpected EOF";
  return decoded(body.subarray(LENGTH_BYTES, LENGTH_BYTES + Number(length))) ?? "malformed message";
}

function decoded(bytes: Buffer): Message | undefined {
  try {
    return decodeMessage(bytes);
  } catch {
    return undefined;
  }
}

function tellUnknown(log: Logger, message: Message): void {
  log.warn("peer/raft-endpoints.ts:122", "ignored a raft message: its sender is no member of the cluster", {
    "remote-peer-id": hex(message.from),
    "message-type": message.type,
  });
}

function refuseStream(exchange: Exchange, path: string, { member }: PeerHttpParts): void {
  const [type, from, ...more] = path.slice(STREAM_ROOT.length).split("/");
  if (more.length > 0 || (type !== "msgapp" && type !== "message"))
    return answerError(exchange, 404, "invalid path");
  if (!/^[\da-f]{1,16}$/i.test(from ?? "")) return answerError(exchange, 404, "invalid from");
  if (member.membership.isRemoved(BigInt(`0x${from}`))) return answerError(exchange, 410, "removed member");
  answerError(exchange, 404, "error sender not found");
}
