/** Goes through recordings point by point, makes images and checks them, until the time is up or everything has had its turn. */

import { SeededRandom } from "@etcd-ts/base";
import type { DiskOperation, FaultyDisk } from "@etcd-ts/storage";
import type { PlantedBug } from "../planted-bugs.ts";
import { ImageBuilder, type Loss } from "./image.ts";
import { checkImage } from "./image-check.ts";
import type { Load } from "./loads.ts";
import { type Recording, record } from "./recording.ts";
import { failDuringStart } from "./recovery.ts";

export interface CrashImageOptions {
  readonly loads: readonly Load[];
  readonly seed: number;
  /** Every so many points of a recording; 1: every point. */
  readonly stride: number;
  /** Every so many of those, from the first, second, … on: what runs side by side. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Random subsets at each point, besides the losses that are the same everywhere. */
  readonly subsets: number;
  /** How often, at most, the start from a random subset fails again before one is let through. */
  readonly recoveryFailures?: number;
  readonly bug?: PlantedBug;
  /** Ends when so many images with faults were found. */
  readonly faultsMax?: number;
  /** Asked before each point. */
  readonly goesOn: () => boolean;
}

export interface Fault {
  readonly load: string;
  readonly seed: number;
  readonly point: number;
  readonly loss: Loss;
  readonly texts: readonly string[];
}

export interface CrashImageResult {
  images: number;
  points: number;
  readonly faults: Fault[];
}

const FIXED_LOSSES: readonly Loss[] = ["kept", "forgotten", "torn", "reordered", "names-lost", "bytes-lost"];
/** More would say the same again. */
const FAULTS_MAX = 20;

export function runCrashImages(options: CrashImageOptions): CrashImageResult {
  const result: CrashImageResult = { images: 0, points: 0, faults: [] };
  for (const load of options.loads) {
    if (!options.goesOn() || result.faults.length >= (options.faultsMax ?? FAULTS_MAX)) break;
    checkRecording(record(load, options.seed, options.bug), options, result);
  }
  return result;
}

export function checkRecording(
  recording: Recording,
  options: Omit<CrashImageOptions, "loads">,
  result: CrashImageResult,
): void {
  const builder = new ImageBuilder(recording);
  for (const point of pointsOf(recording.operations, options)) {
    if (!options.goesOn() || result.faults.length >= (options.faultsMax ?? FAULTS_MAX)) return;
    builder.advanceTo(point);
    result.points++;
    for (const loss of lossesAt(point, options)) checkOne(recording, builder, loss, options, result);
  }
}

/** Every so many points, and of those before a sync, where most is at stake, every so many too. */
function pointsOf(
  operations: readonly DiskOperation[],
  { stride, part = { index: 0, of: 1 } }: Omit<CrashImageOptions, "loads">,
): number[] {
  const points: number[] = [];
  let syncs = 0;
  for (let point = 0; point <= operations.length; point++) {
    const kind = operations[point]?.kind;
    const isBeforeSync = kind === "sync" || kind === "sync-directory";
    if (isBeforeSync) syncs++;
    if (point % stride === 0 || (isBeforeSync && syncs % stride === 0)) points.push(point);
  }
  return points.filter((_, i) => i % part.of === part.index);
}

function lossesAt(
  point: number,
  { seed, subsets }: { readonly seed: number; readonly subsets: number },
): Loss[] {
  const random = Array.from({ length: subsets }, (_, i) => seed * 1_000_003 + point * 101 + i);
  return [...FIXED_LOSSES, ...random];
}

function checkOne(
  recording: Recording,
  builder: ImageBuilder,
  loss: Loss,
  { seed, recoveryFailures = 0 }: Omit<CrashImageOptions, "loads">,
  result: CrashImageResult,
): void {
  const image = builder.image(loss);
  if (image === undefined) return;
  result.images++;
  const point = builder.position;
  const texts = [
    ...(typeof loss === "number" ? failStarts(image, loss, recoveryFailures) : []),
    ...checkImage(image, recording.historyAt(point), recording.load.groupKeys),
  ];
  if (texts.length > 0) result.faults.push({ load: recording.load.name, seed, point, loss, texts });
}

/** Returns what went wrong in a start that was not let through. */
function failStarts(image: FaultyDisk, seed: number, failuresMax: number): string[] {
  const random = new SeededRandom(seed + 1);
  try {
    for (let left = random.below(failuresMax + 1); left > 0; left--) failDuringStart(image, random);
    return [];
  } catch (error) {
    return [`while it started: ${error instanceof Error ? error.message : String(error)}`];
  }
}
