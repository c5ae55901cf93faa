/**
 * What a member tells the cluster of itself after a start (`peer-protocol.md` 13): its name and client URLs, again and again
 * until it is applied; and, as leader, the cluster version when none is decided.
 *
 * A cluster of one decides on its own version; asking the others comes with them.
 */

import {
  ClusterMemberAttrSetRequestCodec,
  ClusterVersionSetRequestCodec,
  createClusterMemberAttrSetRequest,
  createClusterVersionSetRequest,
  createMembershipAttributes,
  RaftRequestField,
} from "@etcd-ts/proto";
import { isBelow } from "../membership/version-order.ts";
import { CLUSTER_VERSION } from "../version.ts";
import { OwnProposal } from "./own-proposal.ts";
import type { Proposal } from "./proposal.ts";

export interface Published {
  readonly memberId: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
}

export class Publication {
  private attributes: "due" | "proposed" | "applied" = "due";
  private version: "due" | "proposed" | "decided" = "due";
  private readonly published: Published;

  constructor(published: Published) {
    this.published = published;
  }

  /** The member's attributes are applied: it may serve clients. */
  get done(): boolean {
    return this.attributes === "applied";
  }

  /** What to propose now. `clusterVersion`: as it is decided, undefined when it is not. */
  takeDue(hasLeader: boolean, isLeader: boolean, clusterVersion: string | undefined): readonly Proposal[] {
    const due: Proposal[] = [];
    if (hasLeader && this.attributes === "due") due.push(this.proposeAttributes());
    if (isLeader && this.version === "due") {
      if (clusterVersion === undefined || isBelow(clusterVersion, CLUSTER_VERSION))
        due.push(this.proposeVersion());
      else this.version = "decided";
    }
    return due;
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

  private proposeVersion(): Proposal {
    const request = createClusterVersionSetRequest({ ver: CLUSTER_VERSION });
    this.version = "proposed";
    return new OwnProposal(
      RaftRequestField.clusterVersionSet,
      ClusterVersionSetRequestCodec,
      request,
      (error) => {
        this.version = error === undefined ? "decided" : "due";
      },
    );
  }
}
