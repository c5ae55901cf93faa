/** One file of a directory made wrong at a random place, as bad memory, a bad disk or a bad copy make it. */

import type { Random } from "@etcd-ts/base";
import { type FaultyDisk, parentOf } from "@etcd-ts/storage";

export type DamageKind = "truncated" | "zeroed" | "flipped" | "removed" | "renamed" | "folder-removed";

export const DAMAGE_KINDS: readonly DamageKind[] = [
  "truncated",
  "zeroed",
  "flipped",
  "removed",
  "renamed",
  "folder-removed",
];

export interface Damage {
  readonly kind: DamageKind;
  readonly path: string;
  /** What has changed: `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

const ZEROED_BYTES = [1, 8, 512, 4096] as const;

export function damageOne(disk: FaultyDisk, path: string, random: Random): Damage {
  const bytes = disk.readFile(path);
  const kind = DAMAGE_KINDS[random.below(12) === 0 ? 3 + random.below(3) : random.below(3)]!;
  const start = random.below(Math.max(1, bytes.length));
  switch (kind) {
    case "removed":
      disk.remove(path);
      return { kind, path, start: 0, end: bytes.length };
    case "renamed":
      disk.rename(path, otherName(path, random));
      return { kind, path, start: 0, end: bytes.length };
    case "folder-removed":
      // Without the folder of all there is no member, and a new one begins.
      disk.removeTree(path.endsWith("/member/index-checkpoint") ? path : parentOf(path));
      return { kind, path, start: 0, end: bytes.length };
    case "truncated":
      disk.writeFile(path, bytes.subarray(0, start));
      return { kind, path, start, end: bytes.length };
    case "zeroed": {
      const end = Math.min(bytes.length, start + ZEROED_BYTES[random.below(ZEROED_BYTES.length)]!);
      const changed = withoutZeros(bytes, start, end);
      bytes.fill(0, start, end);
      disk.writeFile(path, bytes);
      return { kind, path, ...changed };
    }
    case "flipped":
      if (bytes.length > 0) bytes[start]! ^= 1 << random.below(8);
      disk.writeFile(path, bytes);
      return { kind, path, start, end: start + 1 };
  }
}

/** One digit or letter of it is another, or something follows it. */
function otherName(path: string, random: Random): string {
  if (random.below(2) === 0) return `${path}.old`;
  const at = path.lastIndexOf("/") + 1 + random.below(path.length - path.lastIndexOf("/") - 1);
  return `${path.slice(0, at)}${path[at] === "0" ? "1" : "0"}${path.slice(at + 1)}`;
}

function withoutZeros(bytes: Uint8Array, start: number, end: number): { start: number; end: number } {
  let [from, to] = [start, end];
  while (from < to && bytes[from] === 0) from++;
  while (to > from && bytes[to - 1] === 0) to--;
  return { start: from, end: to };
}
