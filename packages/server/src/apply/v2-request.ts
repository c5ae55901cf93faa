/**
 * Requests of the v2 API in logs of 3.4 and 3.5 (`disk-formats.md` 2.10). Only two kinds were left by then: a member tells of
 * itself, and the leader sets the cluster version. Each is read as the request that took its place.
 *
 *     PUT /0/members/<id hex>/attributes   {"name":…,"clientURLs":[…]}
 *     PUT /0/version                       3.5.0
 */

import {
  createClusterMemberAttrSetRequest,
  createClusterVersionSetRequest,
  createMembershipAttributes,
  RaftRequestField,
  type V2Request,
} from "@etcd-ts/proto";
import { parseGoJson } from "../membership/go-json.ts";
import type { RaftRequest } from "./raft-request.ts";

const ATTRIBUTES_PATH = /^\/0\/members\/([0-9a-f]{1,16})\/attributes$/;
const VERSION_PATH = "/0/version";

/** Undefined: a request that no release since 3.4 has written. */
export function translateV2Request({ method, path, val }: V2Request): RaftRequest | undefined {
  if (method !== "PUT") return undefined;
  if (path === VERSION_PATH) {
    return {
      field: RaftRequestField.clusterVersionSet,
      request: createClusterVersionSetRequest({ ver: val }),
    };
  }
  const id = ATTRIBUTES_PATH.exec(path)?.[1];
  const attributes = id === undefined ? undefined : attributesOf(val);
  if (attributes === undefined) return undefined;
  const memberAttributes = createMembershipAttributes(attributes);
  return {
    field: RaftRequestField.clusterMemberAttrSet,
    request: createClusterMemberAttrSetRequest({ memberId: BigInt(`0x${id}`), memberAttributes }),
  };
}

function attributesOf(text: string): { name: string; clientUrls: string[] } | undefined {
  try {
    const { name, clientURLs } = parseGoJson(text) as Readonly<Record<string, unknown>>;
    return {
      name: typeof name === "string" ? name : "",
      clientUrls: Array.isArray(clientURLs) ? clientURLs.filter((url) => typeof url === "string") : [],
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
