/**
 * Which messages are what: local ones (from this member's own timers and threads, never from the network), answers, and the two
 * local threads as targets.
 */

import { MessageType } from "@etcd-ts/proto";

/** No node: an absent leader, vote or sender. */
export const NONE = 0n;
/** Target of the messages that ask for entries, hard state and snapshots to be written. */
export const LOCAL_APPEND_THREAD = 2n ** 64n - 1n;
/** Target of the messages that ask for committed entries to be applied. */
export const LOCAL_APPLY_THREAD = 2n ** 64n - 2n;

/** The context of a vote request in a leadership transfer: it overrides leases. Permanent. */
export const CAMPAIGN_TRANSFER: Uint8Array = new Uint8Array(Buffer.from("CampaignTransfer", "latin1"));

const LOCAL: ReadonlySet<MessageType> = new Set([
  MessageType.Hup,
  MessageType.Beat,
  MessageType.Unreachable,
  MessageType.SnapStatus,
  MessageType.CheckQuorum,
  MessageType.StorageAppend,
  MessageType.StorageAppendResp,
  MessageType.StorageApply,
  MessageType.StorageApplyResp,
]);

const RESPONSES: ReadonlySet<MessageType> = new Set([
  MessageType.AppResp,
  MessageType.VoteResp,
  MessageType.HeartbeatResp,
  MessageType.Unreachable,
  MessageType.ReadIndexResp,
  MessageType.PreVoteResp,
  MessageType.StorageAppendResp,
  MessageType.StorageApplyResp,
]);

/** A message that must never come from the network. */
export function isLocalMessage(type: MessageType): boolean {
  return LOCAL.has(type);
}

export function isResponseMessage(type: MessageType): boolean {
  return RESPONSES.has(type);
}

export function isLocalTarget(id: bigint): boolean {
  return id === LOCAL_APPEND_THREAD || id === LOCAL_APPLY_THREAD;
}

export function isVoteMessage(type: MessageType): boolean {
  return (
    type === MessageType.Vote ||
    type === MessageType.PreVote ||
    type === MessageType.VoteResp ||
    type === MessageType.PreVoteResp
  );
}
