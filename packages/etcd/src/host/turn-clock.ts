/** A monotonic clock that is read once a turn of the event loop: for what needs no better, and is asked often. */
export class TurnClock {
  private isFresh = false;
  private atMs = 0;

  /** As of this turn. */
  nowMs(): number {
    return this.isFresh ? this.atMs : this.read();
  }

  /** The time of this very moment; the turn goes on from it. */
  readonly read = (): number => {
    this.atMs = performance.now();
    if (!this.isFresh) {
      this.isFresh = true;
      setImmediate(this.expire);
    }
    return this.atMs;
  };

  private readonly expire = (): void => {
    this.isFresh = false;
  };
}
