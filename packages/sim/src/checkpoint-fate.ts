/**
 * What becomes of the index checkpoint while a member is down: most often nothing; else it is gone, damaged or cut off, or one from
 * an earlier time lies in its place, as after a restored backup of the folder.
 */

import type { Random } from "@etcd-ts/base";
import { dataDirectory, type FaultyDisk } from "@etcd-ts/storage";

const PATH = dataDirectory("/sim.etcd").checkpoint;

export class CheckpointFate {
  private readonly earlier: Uint8Array[] = [];

  afterCrash(disk: FaultyDisk, random: Random): void {
    if (!disk.exists(PATH)) return;
    const bytes = disk.readFile(PATH);
    this.earlier.push(bytes);
    switch (random.below(12)) {
      case 0:
        disk.remove(PATH);
        return;
      case 1:
        disk.writeFile(PATH, bytes.subarray(0, random.below(bytes.length + 1)));
        return;
      case 2:
        disk.writeFile(PATH, flipped(bytes, random));
        return;
      case 3:
        disk.writeFile(PATH, this.earlier[random.below(this.earlier.length)]!);
    }
  }
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  if (bytes.length > 0) changed[random.below(bytes.length)]! ^= 1 << random.below(8);
  return changed;
}
