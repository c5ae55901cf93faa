/**
 * A turn's proposals as entries of the log: each request spliced behind its header into one slab for all of them, so that a
 * batch costs one allocation. The entry keeps its proposal in the `decoded` slot.
 */

import {
  createInternalRaftRequest,
  Entry,
  EntryType,
  type InternalRaftRequest,
  sizeOfInternalRaftRequest,
  writeInternalRaftRequest,
} from "@etcd-ts/proto";
import type { Proposal } from "./proposal.ts";
import type { RequestIds } from "./request-ids.ts";

/** Term and index are raft's to fill in. */
export function encodeProposals(proposals: readonly Proposal[], ids: RequestIds): Entry[] {
  const envelope = createInternalRaftRequest();
  let slabBytes = 0;
  for (const proposal of proposals) slabBytes += sizeOf(envelope, proposal, ids);
  const slab = Buffer.allocUnsafeSlow(slabBytes);
  let position = 0;
  return proposals.map((proposal) => {
    const start = position;
    fill(envelope, proposal, ids);
    position = writeInternalRaftRequest(envelope, slab, position);
    return new Entry(EntryType.Normal, 0, 0, slab.subarray(start, position), proposal);
  });
}

/** The size of the entry's data if this were proposed: what `--max-request-bytes` limits. */
export function proposalBytes(proposal: Proposal, ids: RequestIds): number {
  return sizeOf(createInternalRaftRequest(), proposal, ids);
}

function sizeOf(envelope: InternalRaftRequest, proposal: Proposal, ids: RequestIds): number {
  if (proposal.id === 0) proposal.id = ids.next();
  fill(envelope, proposal, ids);
  return sizeOfInternalRaftRequest(envelope);
}

function fill(envelope: InternalRaftRequest, proposal: Proposal, ids: RequestIds): void {
  envelope.idLo = ids.lowWord(proposal.id);
  envelope.idHi = ids.highWord(proposal.id);
  envelope.field = proposal.field;
  envelope.body = proposal.body;
}
