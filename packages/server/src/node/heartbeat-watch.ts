/**
 * Notices heartbeats of the leader that leave late: more than twice their interval after the ones before, so that followers may
 * stand for election though nothing is wrong but the load.
 */

export type OnLateHeartbeat = (to: bigint, exceededMs: number) => void;

export class HeartbeatWatch {
  private readonly limitMs: number;
  private readonly onLate: OnLateHeartbeat;
  private readonly lastMs = new Map<bigint, number>();

  constructor(heartbeatMs: number, onLate: OnLateHeartbeat) {
    this.limitMs = 2 * heartbeatMs;
    this.onLate = onLate;
  }

  /** A heartbeat leaves for a follower. */
  onSent(to: bigint, nowMs: number): void {
    const lastMs = this.lastMs.get(to);
    this.lastMs.set(to, nowMs);
    if (lastMs !== undefined && nowMs - lastMs > this.limitMs) this.onLate(to, nowMs - lastMs - this.limitMs);
  }

  /** This member leads no more: its next heartbeats are no continuation. */
  reset(): void {
    this.lastMs.clear();
  }
}
