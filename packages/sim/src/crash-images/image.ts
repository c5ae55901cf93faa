/**
 * What a power failure may leave on the disk, at any point of a recording: all that was synced, and of the rest any part.
 *
 * One disk is led through the recording; at each point it is forked, and the fork crashes.
 */

import { type Random, SeededRandom } from "@etcd-ts/base";
import type { DiskOperation, FaultyDisk } from "@etcd-ts/storage";
import type { Recording } from "./recording.ts";

/**
 * - `kept`: nothing is lost (the process alone died);
 * - `forgotten`: only what was synced is left;
 * - `torn`: only the first half of the last write has reached the device, all before it has;
 * - `reordered`: of what was not synced, the last change of each file is kept and those before it are lost;
 * - `names-lost`, `bytes-lost`: of what was not synced, the one kind is lost and the other kept;
 * - a number: a random subset by this seed, sectors torn.
 */
export type Loss = "kept" | "forgotten" | "torn" | "reordered" | "names-lost" | "bytes-lost" | number;

const SECTOR_BYTES = 512;

export class ImageBuilder {
  /** Changes that the disk has made so far. */
  position = 0;
  private readonly recording: Recording;
  private readonly disk: FaultyDisk;

  constructor(recording: Recording) {
    this.recording = recording;
    this.disk = recording.before.fork();
  }

  advanceTo(position: number): void {
    this.disk.replay(this.recording.operations.slice(this.position, position));
    this.position = position;
  }

  /** The disk after a failure at this point; undefined where the loss makes no difference to `kept`. */
  image(loss: Loss): FaultyDisk | undefined {
    const image = this.disk.fork();
    switch (loss) {
      case "kept":
        image.kill();
        return image;
      case "forgotten":
        image.crashForgettingAll();
        return image;
      case "reordered":
        image.crashKeepingLast();
        return image;
      case "names-lost":
        image.crashSparing("bytes");
        return image;
      case "bytes-lost":
        image.crashSparing("names");
        return image;
      case "torn":
        return this.tornWrite(image);
      default:
        image.crash(randomOf(loss));
        return image;
    }
  }

  /** The change after this point is a write, of which the first half happens. */
  private tornWrite(image: FaultyDisk): FaultyDisk | undefined {
    const next: DiskOperation | undefined = this.recording.operations[this.position];
    if (next?.kind !== "write") return undefined;
    const middle = next.position + next.bytes.length / 2;
    const cut = Math.floor(middle / SECTOR_BYTES) * SECTOR_BYTES - next.position;
    if (cut <= 0) return undefined;
    image.replay([{ ...next, bytes: next.bytes.subarray(0, cut) }]);
    image.kill();
    return image;
  }
}

function randomOf(seed: number): Random {
  return new SeededRandom(seed);
}
