/**
 * What a member tells the cluster of itself after a start (`peer-protocol.md` 13): its name and client URLs, again and again
 * until it is applied.
 */

import {
  ClusterMemberAttrSetRequestCodec,
  createClusterMemberAttrSetRequest,
  createMembershipAttributes,
  RaftRequestField,
} from "@etcd-ts/proto";
import { OwnProposal } from "./own-proposal.ts";
import type { Proposal } from "./proposal.ts";

export interface Published {
  readonly memberId: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
}

export class Publication {
  private attributes: "due" | "proposed" | "applied" = "due";
  private readonly published: Published;

  constructor(published: Published) {
    this.published = published;
  }

  /** The member's attributes are applied: it may serve clients. */
  get done(): boolean {
    return this.attributes === "applied";
  }

  /** What to propose now, if anything. */
  takeDue(hasLeader: boolean): Proposal | undefined {
    return hasLeader && this.attributes === "due" ? this.proposeAttributes() : undefined;
  }

  private proposeAttributes(): Proposal {
    const { memberId, name, clientUrls } = this.published;
    const memberAttributes = createMembershipAttributes({ name, clientUrls: [...clientUrls] });
    const request = createClusterMemberAttrSetRequest({ memberId, memberAttributes });
    this.attributes = "proposed";
    return new OwnProposal(
      RaftRequestField.clusterMemberAttrSet,
      ClusterMemberAttrSetRequestCodec,
      request,
      (error) => {
        this.attributes = error === undefined ? "applied" : "due";
      },
    );
  }
}
