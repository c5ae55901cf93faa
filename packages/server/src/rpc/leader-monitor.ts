/**
 * Streams whose clients insist on a leader (metadata `hasleader: true`) end when the member has seen none at three checks in a
 * row, one check an election time-out (`api-semantics.md` 9).
 */

const CHECKS_WITHOUT_LEADER_MAX = 3;

export class LeaderMonitor {
  private readonly endings = new Set<() => void>();
  private readonly electionMs: number;
  private nextCheckMs = 0;
  private checksWithoutLeader = 0;

  constructor(electionMs: number) {
    this.electionMs = electionMs;
  }

  /** `end` is called once the leader is lost for good, unless what this returns was called before. */
  add(end: () => void): () => void {
    this.endings.add(end);
    return () => {
      this.endings.delete(end);
    };
  }

  /** Call at least once an election time-out. */
  onTick(nowMs: number, hasLeader: boolean): void {
    if (nowMs < this.nextCheckMs) return;
    this.nextCheckMs = nowMs + this.electionMs;
    this.checksWithoutLeader = hasLeader ? 0 : this.checksWithoutLeader + 1;
    if (this.checksWithoutLeader < CHECKS_WITHOUT_LEADER_MAX) return;
    const endings = [...this.endings];
    this.endings.clear();
    for (const end of endings) end();
  }
}
