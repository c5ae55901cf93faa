/**
 * `snapshot restore FILE`: a data directory for one member of a new cluster, from a snapshot (`bbolt-file.md` 9.3). Everything that can
 * be refused is refused before anything is made; what was begun and failed is taken away again.
 */

import {
  bad,
  good,
  initialClusterObjection,
  type Outcome,
  parseInitialCluster,
  parseUrls,
  type Url,
} from "@etcd-ts/etcd";
import type { InitialMember } from "@etcd-ts/server";
import { type Disk, dataDirectory, RealDisk } from "@etcd-ts/storage";
import {
  CommandError,
  command,
  EXIT_BAD_ARGUMENTS,
  EXIT_ERROR,
  type FlagValues,
  type Invocation,
} from "../command-line/command.ts";
import { copySnapshot } from "../file/snapshot-copy.ts";
import { log } from "../output/log.ts";
import { type RestoredCluster, writeRestored } from "../restore/restored-member.ts";

/** Bytes that the original maps in advance; nothing is mapped here, the number is only told. */
const MEMORY_MAP_BYTES = 10 * 1024 ** 3;
const LOCAL_PEER = "http://localhost:2380";

export const restoreCommand = command({
  name: "restore",
  use: "restore <filename> --data-dir {output dir} [options] [flags]",
  text: "Restores an etcd member snapshot to an etcd directory",
  flags: [
    textFlag("data-dir", "", "Path to the output data directory"),
    textFlag("wal-dir", "", "Path to the WAL directory (use --data-dir if none given)"),
    textFlag(
      "initial-cluster",
      `default=${LOCAL_PEER}`,
      "Initial cluster configuration for restore bootstrap",
    ),
    textFlag(
      "initial-cluster-token",
      "etcd-cluster",
      "Initial cluster token for the etcd cluster during restore bootstrap",
    ),
    textFlag(
      "initial-advertise-peer-urls",
      LOCAL_PEER,
      "List of this member's peer URLs to advertise to the rest of the cluster",
    ),
    textFlag("name", "default", "Human-readable name for this member"),
    {
      name: "skip-hash-check",
      kind: "bool",
      initial: false,
      text: "Ignore snapshot integrity hash value (required if copied from data directory)",
    },
    {
      name: "initial-memory-map-size",
      kind: "uint",
      initial: MEMORY_MAP_BYTES,
      shown: String(MEMORY_MAP_BYTES),
      text: "Initial memory map size of the database in bytes. It uses the default value if not defined or defined to 0",
    },
    {
      name: "bump-revision",
      kind: "uint",
      initial: 0,
      text: "How much to increase the latest revision after restore",
    },
    {
      name: "mark-compacted",
      kind: "bool",
      initial: false,
      text: "Mark the latest revision after restore as the point of scheduled compaction (required if --bump-revision > 0, disallowed otherwise)",
    },
  ],
  run: restore,
});

function textFlag(name: string, initial: string, text: string) {
  return initial === ""
    ? ({ name, kind: "string", initial, text } as const)
    : ({ name, kind: "string", initial, shown: JSON.stringify(initial), text } as const);
}

function restore({ args, flags }: Invocation): void {
  const [path] = args;
  if (path === undefined || args.length !== 1)
    throw new CommandError(EXIT_BAD_ARGUMENTS, "snapshot restore requires exactly one argument");
  if (Number(flags["bump-revision"]) > 0 !== flags["mark-compacted"])
    throw new CommandError(EXIT_BAD_ARGUMENTS, "--mark-compacted required if --revision-bump > 0");
  const cluster = clusterOf(flags);
  if (!cluster.ok) throw new CommandError(EXIT_ERROR, cluster.reason);
  const disk = new RealDisk();
  const root = String(flags["data-dir"]) || `${cluster.value.name}.etcd`;
  const walDir = String(flags["wal-dir"]);
  const occupied = occupation(disk, root, walDir);
  if (occupied !== undefined) throw new CommandError(EXIT_ERROR, occupied);
  const directory = dataDirectory(root, walDir);
  const told = {
    path,
    "wal-dir": directory.wal,
    "data-dir": directory.root,
    "snap-dir": directory.snap,
    "initial-memory-map-size": Number(flags["initial-memory-map-size"]) || MEMORY_MAP_BYTES,
  };
  log.info("commands/snapshot-restore.ts:112", "restoring snapshot", told);
  try {
    copySnapshot(disk, path, directory, flags["skip-hash-check"] === true);
    writeRestored(disk, directory, cluster.value, Number(flags["bump-revision"]));
  } catch (error) {
    disk.removeTree(directory.member);
    disk.removeTree(directory.wal);
    throw error;
  }
  log.info("commands/snapshot-restore.ts:121", "restored snapshot", told);
}

/** What stands in the way; undefined: the folders are free. */
function occupation(disk: Disk, root: string, walDir: string): string | undefined {
  if (disk.exists(root) && !isEmptyFolder(disk, root)) {
    return `data-dir ${JSON.stringify(root)} not empty or could not be read`;
  }
  return walDir !== "" && disk.exists(walDir) ? `wal-dir ${JSON.stringify(walDir)} exists` : undefined;
}

function isEmptyFolder(disk: Disk, path: string): boolean {
  try {
    return disk.list(path).length === 0;
  } catch {
    return false;
  }
}

function clusterOf(flags: FlagValues): Outcome<RestoredCluster> {
  const name = String(flags.name);
  const advertised = parseUrls(String(flags["initial-advertise-peer-urls"]));
  if (!advertised.ok) return advertised;
  const cluster = parseInitialCluster(String(flags["initial-cluster"]));
  if (!cluster.ok) return bad(cluster.reason.replace(/^error setting up initial cluster: /, ""));
  const objection = initialClusterObjection(cluster.value, name, advertised.value);
  if (objection !== undefined) {
    if (objection.includes("resolved urls:"))
      tellHosts([...advertised.value, ...(cluster.value.get(name) ?? [])]);
    return bad(objection);
  }
  const members: InitialMember[] = [...cluster.value].map(([member, urls]) => ({
    name: member,
    peerUrls: urls.map(({ text }) => text),
  }));
  return good({ name, members, token: String(flags["initial-cluster-token"]) });
}

/** Hosts are compared as they are written. */
function tellHosts(urls: readonly Url[]): void {
  for (const { text, host } of urls) {
    log.info("commands/snapshot-restore.ts:162", "resolved URL Host", {
      url: text,
      host,
      "resolved-addr": host,
    });
  }
}
