/**
 * Transfers of leadership that were asked for and are not over: each ends when its target leads, or after as long as any request
 * may take.
 */

import { ERRORS, type Status } from "@etcd-ts/proto";

export interface LeaderTransfer {
  readonly target: bigint;
  readonly startedAtMs: number;
  readonly onEnd: (error: Status | undefined) => void;
}

export class LeaderTransfers {
  private readonly timeoutMs: number;
  private underWay: LeaderTransfer[] = [];

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  add(transfer: LeaderTransfer): void {
    this.underWay.push(transfer);
  }

  /** `leader`: as this member knows it, 0 when there is none. */
  onTick(nowMs: number, leader: bigint): void {
    if (this.underWay.length === 0) return;
    const isOver = ({ target, startedAtMs }: LeaderTransfer) =>
      target === leader || nowMs - startedAtMs >= this.timeoutMs;
    const over = this.underWay.filter(isOver);
    this.underWay = this.underWay.filter((transfer) => !isOver(transfer));
    for (const { target, onEnd } of over) onEnd(target === leader ? undefined : ERRORS.timeoutLeaderTransfer);
  }
}
