import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cohorts } from "./cohorts.ts";
import type { Delivery } from "./delivery.ts";
import type { EventLog } from "./event-log.ts";
import type { WatchLimits } from "./limits.ts";
import { type Operation, type WatchClient, WatchWorld } from "./watch-world.ts";
import { NO_END, ONE_KEY, WatchFlag } from "./watcher.ts";

/** Everything happens in slices, in small pieces, with little memory. */
const TINY: WatchLimits = {
  logBytesMax: 3000,
  liveChangesMax: 3,
  liveDeliveriesMax: 4,
  turnBudgetRecords: 7,
  activeCohortsMax: 2,
  cohortWatchersMax: 3,
  windowRevisions: 5,
  cohortTurnRecords: 10,
  responseRevisionsMax: 4,
  batchBytesMax: 300,
  heldBytesHigh: 400,
  smallResponseBytes: 60,
};

const KEYS = ["a", "ab", "b", "ba", "c", "d", "\u00ff"];
const ENDS = [ONE_KEY, "b", "c", "d", NO_END];
const FLAGS = [
  0,
  0,
  WatchFlag.PREV_KV,
  WatchFlag.NO_PUT,
  WatchFlag.NO_DELETE,
  WatchFlag.PREV_KV | WatchFlag.FRAGMENT,
];

class Play {
  readonly world: WatchWorld;
  readonly clients: WatchClient[] = [];
  private values = 0;

  constructor(seed: number, limits: WatchLimits | undefined) {
    this.world = new WatchWorld({
      seed,
      missing: seed % 2 === 0,
      progressIntervalMs: 100,
      requestBytesMax: -512 * 1024 + 80,
      ...(limits === undefined ? {} : { limits }),
    });
  }

  below(bound: number): number {
    return this.world.random.below(bound);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  step(): void {
    const { world } = this;
    switch (this.below(16)) {
      case 0:
        return void this.clients.push(world.client(this.pick([0, 50, 200, 100_000])));
      case 1:
      case 2:
        return this.watch();
      case 3:
        return this.someClient((client) => {
          if (!client.isPaused && client.watches.size > 0) client.cancel(1 + this.below(client.watches.size));
        });
      case 4:
        return this.someClient((client) => {
          if (!client.isPaused) client.askProgress();
        });
      case 5:
      case 6:
      case 7:
        return this.someClient((client) => void client.readSome(1 + this.below(4)));
      case 8:
        return this.maybeCompact();
      case 9:
      case 10:
        return void world.turn(this.below(40));
      case 11:
        return this.maybeEnd();
      default:
        return this.write();
    }
  }

  /** Everybody reads until nothing comes any more. */
  finish(): void {
    for (let again = true; again; ) {
      this.world.settle();
      again = this.clients.some((client) => !client.ended && client.readSome() > 0);
    }
    for (const client of this.clients) if (!client.ended) client.assertComplete();
    assert.equal(this.world.hub.slowWatcherCount, 0);
    const watching = this.clients.filter((client) => !client.ended);
    const watchers = watching.reduce((sum, client) => sum + client.stream.watchers.size, 0);
    assert.equal(this.world.hub.watcherCount, watchers);
    this.world.hub.invariants();
  }

  private someClient(act: (client: WatchClient) => void): void {
    const client = this.clients.length === 0 ? undefined : this.pick(this.clients);
    if (client !== undefined && !client.ended) act(client);
  }

  private watch(): void {
    this.someClient((client) => {
      if (client.isPaused) return;
      const key = this.pick(KEYS);
      const end = this.pick(ENDS);
      if (end !== ONE_KEY && end <= key) return;
      const { revision } = this.world;
      const start = this.pick([
        0,
        0,
        1 + this.below(revision),
        revision + this.below(5),
        1 + this.below(revision),
      ]);
      const flags = this.pick(FLAGS) | (this.below(3) === 0 ? WatchFlag.PROGRESS : 0);
      client.watch(key, end, { start, flags });
    });
  }

  private write(): void {
    const keys = new Set(Array.from({ length: this.pick([1, 1, 2, 3, 5]) }, () => this.pick(KEYS)));
    if (this.below(5) === 0) {
      this.world.delete(this.pick(KEYS), this.pick(["b", "c", NO_END]));
      return;
    }
    const operations: Operation[] = [...keys].map((key) =>
      this.below(4) === 0
        ? { kind: "delete", key, end: ONE_KEY }
        : { kind: "put", key, value: "v".repeat(this.below(40)) + this.values++ },
    );
    this.world.apply(operations);
  }

  private maybeCompact(): void {
    const { store } = this.world;
    const least = Math.max(store.compactRevision, 0) + 1;
    if (this.below(4) !== 0 || least > store.currentRevision) return;
    this.world.compact(least + this.below(store.currentRevision - least + 1));
    if (this.below(2) === 0) this.world.finishCompaction();
    this.world.backend.forgetPages();
  }

  private maybeEnd(): void {
    if (this.below(4) === 0) this.someClient((client) => client.end());
  }
}

type Sabotage = (world: WatchWorld) => void;

function play(seed: number, steps: number, limits: WatchLimits | undefined, sabotage?: Sabotage): void {
  const game = new Play(seed, limits);
  sabotage?.(game.world);
  try {
    for (let n = 0; n < steps; n++) game.step();
    game.finish();
  } catch (error) {
    throw new Error(`seed ${seed}, ${steps} steps: ${error instanceof Error ? error.stack : error}`);
  }
}

test("whatever happens, watches get all that they want, once, in order and whole", () => {
  for (let seed = 1; seed <= 150; seed++) play(seed, 300, TINY);
});

test("the same with the limits of production", () => {
  for (let seed = 1001; seed <= 1080; seed++) play(seed, 300, undefined);
});

// Planted bugs: each has to be found.

/** What the hub keeps to itself. */
interface Innards {
  readonly cohorts: Cohorts;
  readonly delivery: Delivery;
  readonly log: EventLog;
  takeOutClosed: (budget: number) => number;
}

function innards(world: WatchWorld): Innards {
  return world.hub as unknown as Innards;
}

const PLANTED: Readonly<Record<string, Sabotage>> = {
  "progress is told while a watcher catches up": (world) => {
    Object.defineProperty(innards(world).cohorts, "isFrontBehind", { get: () => false });
    world.hub.requestProgress = (stream) => {
      if (stream.watchers.size > 0) innards(world).delivery.progress(stream, -1, world.revision);
    };
  },
  "an event is lost when a stream becomes full": (world) => {
    const cohorts = innards(world).cohorts;
    const park = cohorts.park.bind(cohorts);
    cohorts.park = (watcher, revision) => park(watcher, revision + 1);
  },
  "an event comes twice after a drain": (world) => {
    const cohorts = innards(world).cohorts;
    const park = cohorts.park.bind(cohorts);
    cohorts.park = (watcher, revision) => {
      park(watcher, revision);
      watcher.next = Math.max(1, revision - 1);
    };
  },
  "a revision is split over two responses": (world) => {
    innards(world).delivery.endOfResponse = (_events, lo) => lo + 1;
  },
  "a stream that has ended keeps its watchers": (world) => {
    innards(world).takeOutClosed = (budget) => budget;
  },
  "who joins the front skips what came meanwhile": (world) => {
    const cohorts = innards(world).cohorts;
    const add = cohorts.add.bind(cohorts);
    cohorts.add = (watcher) => {
      if (watcher.next <= cohorts.revision) watcher.next = cohorts.revision + 1;
      add(watcher);
    };
  },
  "the log is read where it has gaps": (world) => {
    const log = innards(world).log;
    log.restart = () => {
      log.completeFrom++;
    };
  },
};

for (const [name, sabotage] of Object.entries(PLANTED)) {
  test(`planted: ${name}`, () => {
    assert.throws(() => {
      for (let seed = 1; seed <= 60; seed++) play(seed, 300, TINY, sabotage);
    });
  });
}
