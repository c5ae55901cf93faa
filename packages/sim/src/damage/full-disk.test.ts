import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { DiskError, FaultyDisk } from "@etcd-ts/storage";
import { Caller } from "../crash-images/caller.ts";
import { checkImage } from "../crash-images/image-check.ts";
import { LOADS } from "../crash-images/loads.ts";
import { runUntil } from "../crash-images/recording.ts";
import { Scheduler } from "../scheduler.ts";
import { SimulatedMember } from "../simulated-member.ts";
import { History } from "../workload/history.ts";

const ROOMS_BYTES = [0, 8192, 40_960, 131_072, 524_288] as const;

test("a disk that fills up stops the member and loses nothing that was acknowledged", () => {
  for (const room of ROOMS_BYTES) {
    const random = new SeededRandom(room + 1);
    const disk = new FaultyDisk();
    const scheduler = new Scheduler();
    const member = new SimulatedMember(scheduler, disk, random, undefined);
    const history = new History();
    member.boot();
    runUntil(scheduler, () => member.member!.isPublished);
    disk.capacityBytes = disk.usedBytes() + room;
    const load = LOADS.find(({ name }) => name === "segments-and-snapshots")!;
    for (const calls of load.phases(random)[0]!.calls) new Caller(scheduler, member, calls, history);
    assert.throws(
      () => scheduler.runUntil(scheduler.nowMs + 60_000),
      (error) => error instanceof DiskError && error.code === "ENOSPC",
    );
    member.kill();
    disk.capacityBytes = Number.POSITIVE_INFINITY;
    assert.deepEqual(checkImage(disk, history, load.groupKeys), []);
  }
});
