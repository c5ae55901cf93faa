/** `/version`: of the server, the cluster and the data directory. */

import { SERVER_VERSION, type ServedMember } from "@etcd-ts/server";
import { type Handler, JSON_TYPE } from "./exchange.ts";

export function versionEndpoint(member: ServedMember): Handler {
  return (exchange) => {
    const versions = {
      etcdserver: SERVER_VERSION,
      etcdcluster: member.membership.version ?? "not_decided",
      storage: member.status.storageVersion || "unknown",
    };
    exchange.answer(200, [JSON_TYPE], JSON.stringify(versions));
  };
}
