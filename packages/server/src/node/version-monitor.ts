/**
 * The leader's watch over versions (`api-semantics.md` 14, `peer-protocol.md` 13): decides on a cluster version when there is none,
 * raises it when the members have moved on, lowers it by one minor version while a downgrade is enabled, and ends a downgrade
 * that has reached its target.
 *
 * A lowering waits for a while: whoever asked for it may still take it back. A cluster of one decides on its own version; asking
 * the others comes with them.
 */

import {
  ClusterVersionSetRequestCodec,
  createClusterVersionSetRequest,
  createDowngradeInfoSetRequest,
  DowngradeInfoSetRequestCodec,
  RaftRequestField,
} from "@etcd-ts/proto";
import type { DowngradeInfo } from "../membership/membership.ts";
import { isBelow, majorMinor, minorBelow } from "../membership/version-order.ts";
import { CLUSTER_VERSION } from "../version.ts";
import { OwnProposal } from "./own-proposal.ts";
import type { Proposal } from "./proposal.ts";

/** As often as the original looks at the versions of the members. */
const LOWERING_DELAY_MS = 4000;

export interface KnownVersions {
  /** As it is decided; undefined when it is not. */
  readonly version: string | undefined;
  readonly downgrade: DowngradeInfo;
}

/** Hears what is decided. */
export interface VersionLines {
  settingVersion(before: string | undefined, version: string): void;
  versionDecided(version: string): void;
  downgraded(version: string): void;
}

export class VersionMonitor {
  private readonly downgradeCheckMs: number;
  private underWay = false;
  private loweringDueMs: number | undefined;
  private nextDowngradeCheckMs = 0;
  private readonly lines: VersionLines | undefined;

  /** `downgradeCheckMs`: how often to see whether a downgrade has come to its end; 0: never. */
  constructor(downgradeCheckMs: number, lines?: VersionLines) {
    this.downgradeCheckMs = downgradeCheckMs;
    this.lines = lines;
  }

  /** What the leader is to propose now. Call it at least once a second. */
  takeDue(nowMs: number, cluster: KnownVersions): readonly Proposal[] {
    if (this.underWay) return [];
    const version = this.versionDue(nowMs, cluster);
    if (version !== undefined) return [this.proposeVersion(cluster.version, version)];
    return this.downgradeIsOver(nowMs, cluster) ? [this.proposeDowngradeEnd()] : [];
  }

  private versionDue(nowMs: number, { version, downgrade }: KnownVersions): string | undefined {
    if (version === undefined) return CLUSTER_VERSION;
    const target = majorMinor(downgrade.targetVersion);
    const lowers = downgrade.enabled && target !== undefined && target === minorBelow(version);
    if (!lowers) this.loweringDueMs = undefined;
    else {
      this.loweringDueMs ??= nowMs + LOWERING_DELAY_MS;
      if (nowMs >= this.loweringDueMs) return `${target}.0`;
    }
    return !downgrade.enabled && isBelow(version, CLUSTER_VERSION) ? CLUSTER_VERSION : undefined;
  }

  private downgradeIsOver(nowMs: number, { downgrade }: KnownVersions): boolean {
    if (this.downgradeCheckMs === 0 || nowMs < this.nextDowngradeCheckMs) return false;
    this.nextDowngradeCheckMs = nowMs + this.downgradeCheckMs;
    return downgrade.enabled && majorMinor(downgrade.targetVersion) === majorMinor(CLUSTER_VERSION);
  }

  private proposeVersion(before: string | undefined, ver: string): Proposal {
    const request = createClusterVersionSetRequest({ ver });
    this.lines?.settingVersion(before, ver);
    return this.propose(RaftRequestField.clusterVersionSet, ClusterVersionSetRequestCodec, request, () =>
      this.lines?.versionDecided(ver),
    );
  }

  private proposeDowngradeEnd(): Proposal {
    const request = createDowngradeInfoSetRequest({ enabled: false });
    this.lines?.downgraded(CLUSTER_VERSION);
    return this.propose(RaftRequestField.downgradeInfoSet, DowngradeInfoSetRequestCodec, request);
  }

  /** One at a time; refused or timed out, it is found due again. */
  private propose<T>(
    field: number,
    codec: ConstructorParameters<typeof OwnProposal<T>>[1],
    request: T,
    onDone: () => void = ignore,
  ): Proposal {
    this.underWay = true;
    return new OwnProposal(field, codec, request, (error) => {
      this.underWay = false;
      if (error === undefined) onDone();
    });
  }
}

function ignore(): void {}
