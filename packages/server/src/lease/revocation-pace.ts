/**
 * How many leases may be revoked now. Leases that expire together are revoked in bursts with pauses, so that other writes keep
 * most of the member's time: on a machine that keeps up a hundred thousand are gone within five seconds, and where it does
 * not, a turn still does more for clients than for what has expired.
 */

/** Revocations per millisecond in the long run. */
const RATE_PER_MS = 24;
/** In one turn. */
const BURST_MAX = 250;
/** Bursts are not smaller than this while there is more: what a turn costs is shared. */
const BURST_MIN = 100;

export class RevocationPace {
  private earned = BURST_MAX;
  private sinceMs = 0;

  /** How many may go at this time. */
  limit(nowMs: number): number {
    this.earned = Math.min(BURST_MAX, this.earned + Math.max(0, nowMs - this.sinceMs) * RATE_PER_MS);
    this.sinceMs = nowMs;
    return this.earned < BURST_MIN ? 0 : Math.floor(this.earned);
  }

  use(count: number): void {
    this.earned -= count;
  }

  /** From when on the limit is above 0. */
  get readyAtMs(): number {
    return this.sinceMs + Math.max(0, BURST_MIN - this.earned) / RATE_PER_MS;
  }
}
