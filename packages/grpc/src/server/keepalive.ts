/**
 * Two duties: a client that pings too often is sent away, and a silent client is pinged to see whether it lives.
 *
 * A ping counts as a strike when it comes sooner than allowed after the one before: `minTimeMs` while a call is open, two hours
 * otherwise. Answers sent in between wipe the strikes out (clients ping to measure the line while they receive).
 * Times are handed in.
 */

const PING_STRIKES_MAX = 2;
const IDLE_PING_MIN_TIME_MS = 7_200_000;

export class PingPolice {
  private strikes = 0;
  private lastPingMs = Number.NEGATIVE_INFINITY;
  private readonly minTimeMs: number;

  constructor(minTimeMs: number) {
    this.minTimeMs = minTimeMs;
  }

  /** True when this ping is one too many. `answered`: HEADERS or DATA were sent since the last one. */
  onPing(nowMs: number, openCalls: number, answered: boolean): boolean {
    const sinceLastMs = nowMs - this.lastPingMs;
    this.lastPingMs = nowMs;
    if (answered) {
      this.strikes = 0;
      return false;
    }
    if (sinceLastMs < (openCalls > 0 ? this.minTimeMs : IDLE_PING_MIN_TIME_MS)) this.strikes++;
    return this.strikes > PING_STRIKES_MAX;
  }
}

/** What a liveness check asks for: nothing yet, a ping, or the end; and when to check again. */
export type LivenessVerdict =
  | { readonly kind: "wait" | "ping"; readonly checkInMs: number }
  | { readonly kind: "dead" };

export class Liveness {
  private pingSentMs = -1;
  private lastHeardMs: number;
  private readonly intervalMs: number;
  private readonly timeoutMs: number;

  constructor(intervalMs: number, timeoutMs: number, nowMs: number) {
    this.intervalMs = intervalMs;
    this.timeoutMs = timeoutMs;
    this.lastHeardMs = nowMs;
  }

  /** Anything at all arrived. */
  heard(nowMs: number): void {
    this.lastHeardMs = nowMs;
    this.pingSentMs = -1;
  }

  check(nowMs: number): LivenessVerdict {
    if (this.pingSentMs >= 0) {
      const leftMs = this.pingSentMs + this.timeoutMs - nowMs;
      return leftMs <= 0 ? { kind: "dead" } : { kind: "wait", checkInMs: leftMs };
    }
    const leftMs = this.lastHeardMs + this.intervalMs - nowMs;
    if (leftMs > 0) return { kind: "wait", checkInMs: leftMs };
    this.pingSentMs = nowMs;
    return { kind: "ping", checkInMs: this.timeoutMs };
  }
}

/** Tokens that come back with time: how many streams a client may reset. */
export class TokenBucket {
  private tokens: number;
  private filledMs: number;
  private readonly tokensMax: number;
  private readonly perSecond: number;

  constructor(tokensMax: number, perSecond: number, nowMs: number) {
    this.tokens = tokensMax;
    this.tokensMax = tokensMax;
    this.perSecond = perSecond;
    this.filledMs = nowMs;
  }

  /** False when there is none left. */
  take(nowMs: number): boolean {
    const earned = ((nowMs - this.filledMs) / 1000) * this.perSecond;
    this.tokens = Math.min(this.tokensMax, this.tokens + earned);
    this.filledMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
