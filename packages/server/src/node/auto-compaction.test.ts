import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENT_LOGGER } from "@etcd-ts/base";
import { type CompactionRequest, ERRORS, type Status } from "@etcd-ts/proto";
import { AutoCompaction, type AutoCompactionMode } from "./auto-compaction.ts";
import type { OwnProposal } from "./own-proposal.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A virtual clock that ticks every `tickMs`; the revision grows by one a minute. */
class Clock {
  nowMs = 0;
  isLeader = true;
  /** How the next proposals end. */
  outcome: Status | undefined;
  readonly compacted: [minute: number, revision: number][] = [];
  private readonly auto: AutoCompaction;
  private readonly tickMs: number;

  constructor(mode: AutoCompactionMode, tickMs = 1000) {
    this.auto = new AutoCompaction(mode, SILENT_LOGGER);
    this.tickMs = tickMs;
  }

  run(untilMs: number, revisionAt = (nowMs: number) => 100 + Math.floor(nowMs / MINUTE)): void {
    for (; this.nowMs <= untilMs; this.nowMs += this.tickMs) {
      const due = this.auto.takeDue(this.nowMs, this.isLeader, revisionAt(this.nowMs));
      if (due === undefined) continue;
      const { revision } = due.request as CompactionRequest;
      this.compacted.push([this.nowMs / MINUTE, revision]);
      if (this.outcome === undefined) (due as OwnProposal<unknown>).succeed();
      else due.fail(this.outcome);
    }
  }
}

test("periodic, an hour: nothing in the first hour, then hourly to what was current an hour and a step ago", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: HOUR });
  clock.run(4 * HOUR);
  assert.deepEqual(clock.compacted, [
    [60, 100],
    [120, 154],
    [180, 214],
    [240, 274],
  ]);
});

test("periodic, two hours: hourly after the second, always two hours and a step back", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: 2 * HOUR });
  clock.run(4 * HOUR);
  assert.deepEqual(clock.compacted, [
    [120, 100],
    [180, 154],
    [240, 214],
  ]);
});

test("periodic, five minutes: every five minutes", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: 5 * MINUTE });
  clock.run(16 * MINUTE);
  assert.deepEqual(clock.compacted, [
    [5, 100],
    [10, 104],
    [15, 109],
  ]);
});

test("periodic: an unchanged revision is not compacted twice", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: 5 * MINUTE });
  clock.run(30 * MINUTE, () => 100);
  assert.deepEqual(clock.compacted, [[5, 100]]);
});

test("periodic: a failure is tried again a tenth later, what was compacted before counts as done", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: 10 * MINUTE });
  clock.outcome = ERRORS.timeout;
  clock.run(11 * MINUTE);
  assert.deepEqual(clock.compacted, [
    [10, 100],
    [11, 100],
  ]);
  clock.outcome = ERRORS.compacted;
  clock.run(22 * MINUTE);
  assert.deepEqual(clock.compacted.slice(2), [
    [12, 101],
    [22, 111],
  ]);
});

test("periodic: only a leader compacts; a new one knows what was a retention ago", () => {
  const clock = new Clock({ kind: "periodic", retentionMs: 5 * MINUTE });
  clock.isLeader = false;
  clock.run(20 * MINUTE);
  assert.deepEqual(clock.compacted, []);
  clock.isLeader = true;
  clock.run(21 * MINUTE);
  assert.deepEqual(clock.compacted, [[20.5, 115]]);
});

test("revision: every five minutes so many revisions back, when there are as many", () => {
  const clock = new Clock({ kind: "revision", retention: 110 });
  clock.run(20 * MINUTE);
  assert.deepEqual(clock.compacted, [
    [15, 5],
    [20, 10],
  ]);
  const idle = new Clock({ kind: "revision", retention: 10 });
  idle.run(30 * MINUTE, () => 100);
  assert.deepEqual(idle.compacted, [[5, 90]]);
});

test("off: nothing", () => {
  const clock = new Clock({ kind: "off" });
  clock.run(5 * HOUR);
  assert.deepEqual(clock.compacted, []);
});
