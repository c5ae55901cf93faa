/**
 * Images of what a power failure may leave, made as in the simulation and written to a real disk: the original finds nothing wrong
 * with the database, starts on the directory and knows every acknowledged write; and so does our server. `ETCD_TS_LONG=1` takes
 * 200 images instead of a few.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import {
  type CrashImageResult,
  checkRecording,
  ImageBuilder,
  LOADS,
  type Loss,
  type Recording,
  record,
} from "@etcd-ts/sim";
import { FaultyDisk } from "@etcd-ts/storage";
import { mustRun } from "./command.ts";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { original, originalOf, ours, withoutOriginal } from "./programs.ts";

const IS_LONG = process.env.ETCD_TS_LONG === "1";
const IMAGES = IS_LONG ? 200 : 8;
const IMAGES_A_LOAD = Math.ceil(IMAGES / LOADS.length);
const LOSSES: readonly Loss[] = ["forgotten", 11, "bytes-lost", 12, "names-lost", "kept", "reordered", 13];
const RELEASES = ["3.4", "3.5", "3.6", "3.7"] as const;
const TAKE_OVER = LOADS.find(({ name }) => name === "take-over")!;
const ORIGINAL_PUTS = 100;
const SIMULATED_ROOT = "/sim.etcd";

describe("images of a power failure", { skip: withoutOriginal("etcd", "etcdctl", "etcdutl") }, () => {
  for (const load of LOADS) {
    test(`under ${load.name} start under the original and under ours`, async () => {
      const recording = record(load, 1);
      const builder = new ImageBuilder(recording);
      for (let i = 0; i < IMAGES_A_LOAD; i++) {
        builder.advanceTo(pointOf(recording, i));
        const loss = LOSSES[i % LOSSES.length]!;
        await checkImage(recording, builder, loss);
      }
    });
  }
});

/** The power fails while our member takes over what a killed server of the original has left; our own check judges. */
describe("images of a power failure at a take-over", { skip: withoutOriginal("etcd") }, () => {
  for (const release of RELEASES) {
    const program = originalOf(release);
    const skip = existsSync(program) ? false : `the original ${release} is not here (${program})`;
    test(`from ${release}`, { skip }, async (context) => {
      const before = await killedOriginal(program);
      const recording = record(TAKE_OVER, 1, undefined, before);
      const result: CrashImageResult = { images: 0, points: 0, faults: [] };
      const stride = Math.ceil(recording.operations.length / (IS_LONG ? 40 : 4));
      checkRecording(recording, { seed: 1, stride, subsets: 1, goesOn: () => true }, result);
      context.diagnostic(`${result.images} images at ${result.points} points`);
      assert.deepEqual(result.faults, []);
    });
  }
});

async function killedOriginal(program: string): Promise<FaultyDisk> {
  const member = await Member.create({ program, flags: ["--snapshot-count=40"] });
  try {
    await member.start();
    const client = new KvClient(member.clientUrl);
    for (let i = 0; i < ORIGINAL_PUTS; i++) assert.ok(await client.put(`old/${i % 20}`, `${i}`));
    client.close();
    await member.stop("SIGKILL");
    const disk = new FaultyDisk();
    readTree(disk, member.dataDir, SIMULATED_ROOT);
    return disk;
  } finally {
    await member.dispose();
  }
}

/** Files that end with zeros take no room for them. */
function readTree(disk: FaultyDisk, from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [path, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory()) {
      readTree(disk, path, target);
      continue;
    }
    const bytes = readFileSync(path);
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end--;
    disk.writeFile(target, bytes.subarray(0, end), bytes.length);
  }
}

/** Spread over the recording, the first ones left out. */
function pointOf(recording: Recording, i: number): number {
  const first = recording.before.exists(`${SIMULATED_ROOT}/member/wal`)
    ? firstServed(recording)
    : firstWithLog(recording) + 2;
  return first + Math.floor(((recording.operations.length - first) * (i + 1)) / (IMAGES_A_LOAD + 1));
}

/** The directory has no log before. */
function firstWithLog({ operations }: Recording): number {
  return operations.findIndex((change) => change.kind === "rename" && change.to.endsWith("/wal"));
}

/** The original cannot start on a directory of an old release before ours has taken it over. */
function firstServed(recording: Recording): number {
  const found = recording.historyAt(0).entries.length;
  let point = 0;
  while (recording.historyAt(point).entries.length === found) point++;
  return point;
}

async function checkImage(recording: Recording, builder: ImageBuilder, loss: Loss): Promise<void> {
  const what = `${recording.load.name} at change ${builder.position}, ${loss}`;
  const image = builder.image(loss);
  assert.ok(image !== undefined);
  const known = recording.historyAt(builder.position).revisionSeen;
  const member = await Member.create({ program: ours("etcd") });
  try {
    for (const program of [original("etcd"), ours("etcd")]) {
      rmSync(member.dataDir, { recursive: true, force: true });
      writeTree(image, SIMULATED_ROOT, member.dataDir);
      if (image.exists(`${SIMULATED_ROOT}/member/snap/db`))
        await mustRun(original("etcdutl"), ["snapshot", "status", `${member.dataDir}/member/snap/db`]);
      await member.start(program);
      const revision = await revisionOf(member);
      assert.ok(
        revision >= known,
        `${what}: revision ${revision} under ${program}, ${known} was acknowledged`,
      );
      await member.stop("SIGKILL");
    }
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await member.dispose();
  }
}

function writeTree(disk: FaultyDisk, from: string, to: string): void {
  for (const name of disk.list(from)) {
    const path = `${from}/${name}`;
    if (disk.isDirectory(path)) writeTree(disk, path, `${to}/${name}`);
    else writeFile(`${to}/${name}`, disk.readFile(path));
  }
}

function writeFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode: 0o600 });
}

async function revisionOf(member: Member): Promise<number> {
  const text = await mustRun(original("etcdctl"), [
    `--endpoints=${member.clientUrl}`,
    "endpoint",
    "status",
    "-w",
    "json",
  ]);
  return Number(/"revision":(\d+)/.exec(text)![1]);
}
