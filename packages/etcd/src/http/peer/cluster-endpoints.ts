/** What members ask each other about the cluster (`peer-protocol.md` 8): who belongs to it, a downgrade, a promotion, a hash. */

import { BarrierRead, encodeMemberRecord, HashKvRead, hex } from "@etcd-ts/server";
import { answerError, type Exchange, JSON_TYPE, only, onlyGet } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import type { PeerHttpParts } from "./peer-http.ts";

const BODY_BYTES_MAX = 64 * 1024;
const PROMOTE_ROOT = "/members/promote/";
const CLUSTER_ID = "X-Etcd-Cluster-Id";

export function addClusterEndpoints(routes: Routes, parts: PeerHttpParts): void {
  routes.add(
    "/members",
    onlyGet((exchange) => {
      nameCluster(exchange, parts);
      exchange.answer(200, [JSON_TYPE], membersJson(parts));
    }),
  );
  routes.add(
    PROMOTE_ROOT,
    only("POST", (exchange, { path }) => {
      nameCluster(exchange, parts);
      const [status, text] = promotionObjection(parts, path.slice(PROMOTE_ROOT.length));
      answerError(exchange, status, text);
    }),
  );
  routes.add(
    "/downgrade/enabled",
    onlyGet((exchange) => {
      nameCluster(exchange, parts);
      tellDowngrade(exchange, parts);
    }),
  );
  routes.add(
    "/members/hashkv",
    onlyGet((exchange) => answerHash(exchange, parts)),
  );
}

/** Its 405 answers apart, an endpoint tells in which cluster it is. */
export function nameCluster(exchange: Exchange, { clusterId }: PeerHttpParts): void {
  exchange.extraHeaders.push([CLUSTER_ID, hex(clusterId)]);
}

function membersJson({ member }: PeerHttpParts): string {
  return `[${member.membership.list().map(encodeMemberRecord).join(",")}]\n`;
}

/** Voters cannot be promoted, and there are no others here. */
function promotionObjection({ member }: PeerHttpParts, text: string): readonly [number, string] {
  if (!/^\d{1,20}$/.test(text)) return [404, `member ${text} not found in cluster`];
  const objection = member.membership.checkPromote(BigInt(text));
  if (objection === "ID not found") return [404, "membership: ID not found"];
  return [412, `membership: ${objection ?? "can only promote a learner member"}`];
}

function tellDowngrade(exchange: Exchange, { member, expectTurnEnd }: PeerHttpParts): void {
  member.read(
    new BarrierRead((error) => {
      if (error !== undefined) return answerError(exchange, 500, `failed linearized read: ${error.message}`);
      exchange.answer(200, [["Content-Type", "text/plain"]], String(member.membership.downgrade.enabled));
    }),
  );
  expectTurnEnd();
}

function answerHash(exchange: Exchange, parts: PeerHttpParts): void {
  const asked = exchange.header("x-etcd-cluster-id");
  if (asked !== undefined && asked !== hex(parts.clusterId))
    return answerError(exchange, 412, "cluster ID mismatch");
  exchange.readBody(BODY_BYTES_MAX, (body) => {
    const revision = body === undefined ? undefined : revisionOf(body.toString());
    if (revision === undefined) return answerError(exchange, 400, "error unmarshalling request");
    hashAt(exchange, parts, revision);
  });
}

function revisionOf(json: string): number | undefined {
  try {
    const request: unknown = JSON.parse(json);
    if (typeof request !== "object" || request === null || Array.isArray(request)) return undefined;
    const { revision = 0 } = request as { readonly revision?: unknown };
    return Number.isSafeInteger(revision) ? (revision as number) : undefined;
  } catch {
    return undefined;
  }
}

function hashAt(exchange: Exchange, parts: PeerHttpParts, revision: number): void {
  parts.member.read(
    new HashKvRead(parts.member, revision, {
      isGone: () => exchange.gone,
      onEnd: (outcome) => {
        if (outcome.error !== undefined)
          return answerError(exchange, 400, withoutService(outcome.error.message));
        const { hash, hashRevision, compactRevision, currentRevision } = outcome.result;
        nameCluster(exchange, parts);
        const fields = {
          header: { revision: currentRevision },
          hash: hash || undefined,
          compact_revision: compactRevision || undefined,
          hash_revision: hashRevision || undefined,
        };
        exchange.answer(200, [JSON_TYPE], JSON.stringify(fields));
      },
    }),
  );
  parts.expectTurnEnd();
}

/** Members tell each other errors of the store under its own name. */
function withoutService(text: string): string {
  return text.replace(/^etcdserver: mvcc: /, "mvcc: ");
}
