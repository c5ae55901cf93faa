/**
 * Ids of members and clusters (`peer-protocol.md` 10): the first eight bytes, big-endian, of a SHA-1. They are computed, so
 * that members which were given the same flags agree without talking. Permanent: ids reach the disk and the wire.
 */

import { createHash } from "node:crypto";

/**
 * `token` is the cluster token for an initial member; a member added later has an empty token and the Unix time in
 * seconds of its addition.
 */
export function computeMemberId(peerUrls: readonly string[], token: string, addedAtSeconds?: number): bigint {
  const hash = createHash("sha1");
  hash.update([...peerUrls].sort().join(""));
  hash.update(token);
  if (addedAtSeconds !== undefined) hash.update(String(addedAtSeconds));
  return hash.digest().readBigUInt64BE(0);
}

export function computeClusterId(memberIds: readonly bigint[]): bigint {
  const hash = createHash("sha1");
  for (const id of [...memberIds].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(id);
    hash.update(bytes);
  }
  return hash.digest().readBigUInt64BE(0);
}
