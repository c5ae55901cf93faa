/**
 * The parameters of one raft node. Times are in ticks; whoever calls `tick` decides what a tick is. Sizes are bytes of encoded
 * entries, or of payload where it says so.
 */

import type { Random } from "@etcd-ts/base";
import { type Logger, SILENT_LOGGER } from "../logger.ts";
import type { Storage } from "../storage/storage.ts";
import { isLocalTarget, NONE } from "./message-kinds.ts";

/** How a linearizable read learns that this leader still leads: by asking a quorum, or by trusting the clock. */
export type ReadOnlyOption = "safe" | "lease-based";

export interface RaftConfig {
  readonly id: bigint;
  readonly storage: Storage;
  /** Where election timeouts come from. */
  readonly random: Random;
  /** A follower that heard nothing for this long, and up to as much again, stands for election. Above `heartbeatTicks`. */
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** The last index that the state machine holds after a restart; 0: replay all that storage has. */
  readonly applied?: number;
  /** Writing and applying go by messages to the local threads, without `advance`. */
  readonly asyncStorageWrites?: boolean;
  /**
   * With asynchronous storage writes: ask for votes before the own one is on the disk, as the original does. A member that is
   * elected by others and then forgets the term in a crash may be elected in the same term again, and write other entries under
   * the same terms and indexes. For replaying the original's traces only.
   */
  readonly earlyVoteRequests?: boolean;
  /** Entries of one append; 0: one entry each; default: no limit. */
  readonly messageBytesMax?: number;
  /** Entries handed out to be applied and not applied yet; default: as `messageBytesMax`. */
  readonly applyingBytesMax?: number;
  /** Payload of entries that the leader appended and that are not applied yet; proposals above it are dropped. Default: no limit. */
  readonly uncommittedBytesMax?: number;
  /** Appends in flight to one follower. */
  readonly inflightMessagesMax: number;
  /** Payload in flight to one follower; default: no limit. */
  readonly inflightBytesMax?: number;
  readonly checkQuorum?: boolean;
  readonly preVote?: boolean;
  /** `lease-based` requires `checkQuorum`. */
  readonly readOnly?: ReadOnlyOption;
  readonly disableProposalForwarding?: boolean;
  readonly disableConfChangeValidation?: boolean;
  /** A leader that is removed or becomes a learner steps down when that is applied. */
  readonly stepDownOnRemoval?: boolean;
  readonly logger?: Logger;
}

export type CheckedConfig = Required<RaftConfig>;

/** The configuration with its defaults; throws on one that makes no sense. */
export function checkConfig(config: RaftConfig): CheckedConfig {
  const messageBytesMax = config.messageBytesMax ?? Number.POSITIVE_INFINITY;
  const checked: CheckedConfig = {
    applied: 0,
    asyncStorageWrites: false,
    earlyVoteRequests: false,
    uncommittedBytesMax: 0,
    inflightBytesMax: 0,
    checkQuorum: false,
    preVote: false,
    readOnly: "safe",
    disableProposalForwarding: false,
    disableConfChangeValidation: false,
    stepDownOnRemoval: false,
    logger: SILENT_LOGGER,
    ...config,
    messageBytesMax,
    applyingBytesMax: config.applyingBytesMax || messageBytesMax || 1,
  };
  const fault = faultOf(checked);
  if (fault !== undefined) throw new RangeError(`raft: ${fault}`);
  return { ...checked, uncommittedBytesMax: checked.uncommittedBytesMax || Number.POSITIVE_INFINITY };
}

function faultOf(config: CheckedConfig): string | undefined {
  if (config.id === NONE) return "cannot use none as id";
  if (isLocalTarget(config.id)) return "cannot use local target as id";
  if (config.heartbeatTicks <= 0) return "heartbeat tick must be greater than 0";
  if (config.electionTicks <= config.heartbeatTicks)
    return "election tick must be greater than heartbeat tick";
  if (config.inflightMessagesMax <= 0) return "max inflight messages must be greater than 0";
  if (config.inflightBytesMax !== 0 && config.inflightBytesMax < config.messageBytesMax) {
    return "max inflight bytes must be >= max message size";
  }
  if (config.readOnly === "lease-based" && !config.checkQuorum) {
    return "CheckQuorum must be enabled when ReadOnlyOption is ReadOnlyLeaseBased";
  }
  return undefined;
}
