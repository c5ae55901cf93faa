/** Goes through recordings point by point, makes images and checks them, until the time is up or everything has had its turn. */

import type { DiskOperation } from "@etcd-ts/storage";
import type { PlantedBug } from "../planted-bugs.ts";
import { ImageBuilder, type Loss } from "./image.ts";
import { checkImage } from "./image-check.ts";
import type { Load } from "./loads.ts";
import { type Recording, record } from "./recording.ts";

export interface CrashImageOptions {
  readonly loads: readonly Load[];
  readonly seed: number;
  /** Every so many points of a recording; 1: every point. */
  readonly stride: number;
  /** Random subsets at each point, besides the losses that are the same everywhere. */
  readonly subsets: number;
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
  for (const point of pointsOf(recording.operations, options.stride)) {
    if (!options.goesOn() || result.faults.length >= (options.faultsMax ?? FAULTS_MAX)) return;
    builder.advanceTo(point);
    result.points++;
    for (const loss of lossesAt(point, options)) checkOne(recording, builder, loss, options.seed, result);
  }
}

/** Every so many points, and of those before a sync, where most is at stake, every so many too. */
function pointsOf(operations: readonly DiskOperation[], stride: number): number[] {
  const points: number[] = [];
  let syncs = 0;
  for (let point = 0; point <= operations.length; point++) {
    const kind = operations[point]?.kind;
    const isBeforeSync = kind === "sync" || kind === "sync-directory";
    if (isBeforeSync) syncs++;
    if (point % stride === 0 || (isBeforeSync && syncs % stride === 0)) points.push(point);
  }
  return points;
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
  seed: number,
  result: CrashImageResult,
): void {
  const image = builder.image(loss);
  if (image === undefined) return;
  result.images++;
  const point = builder.position;
  const texts = checkImage(image, recording.historyAt(point), recording.load.groupKeys);
  if (texts.length > 0) result.faults.push({ load: recording.load.name, seed, point, loss, texts });
}
