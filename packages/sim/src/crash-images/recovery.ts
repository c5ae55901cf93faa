/** The power fails again while a member starts from what the first failure has left, or the process is killed there. */

import type { Random } from "@etcd-ts/base";
import type { FaultyDisk } from "@etcd-ts/storage";
import { PowerCut } from "../power-cut.ts";
import { Scheduler } from "../scheduler.ts";
import { SimulatedMember } from "../simulated-member.ts";
import { runUntil } from "./recording.ts";

/** A start changes the disk so often, or a little more. */
const CHANGES_MAX = 60;

export function failDuringStart(disk: FaultyDisk, random: Random): void {
  let left = random.below(CHANGES_MAX);
  disk.intercept = () => {
    if (left-- <= 0) throw new PowerCut();
    return undefined;
  };
  const scheduler = new Scheduler();
  const member = new SimulatedMember(scheduler, disk, random, undefined);
  try {
    member.boot();
    runUntil(scheduler, () => member.member!.isPublished);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  disk.intercept = undefined;
  if (random.below(3) === 0) disk.kill();
  else disk.crash(random);
}
