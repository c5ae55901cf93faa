/**
 * `migrate --data-dir DIR --target-version X.Y`: marks a stopped member's database as one of another release, a minor version at a
 * time, as far as the layouts of the releases allow it (`disk-formats.md` 5.2).
 */

import { utf8Bytes } from "@etcd-ts/base";
import { SERVER_VERSION, storageVersionOf } from "@etcd-ts/server";
import { BUCKETS, type Committer, dataDirectory, OperationPacker, RealDisk } from "@etcd-ts/storage";
import {
  CommandError,
  command,
  EXIT_BAD_ARGUMENTS,
  EXIT_ERROR,
  type FlagValues,
  type Invocation,
} from "../command-line/command.ts";
import { parseFlagValue } from "../command-line/flag-value.ts";
import { mustExist } from "../file/database-file.ts";
import { databaseIsLocked, waitFor } from "../file/locks.ts";
import { logVersion } from "../file/log-version.ts";
import { openForWriting } from "../file/open-for-writing.ts";
import { log } from "../output/log.ts";

const META = BUCKETS.indexOf("meta");
const STORAGE_VERSION = utf8Bytes("storageVersion");
/** The oldest layout, and the last without a stored version. */
const OLDEST_MINOR = 5;
const NEWEST_MINOR = Number(SERVER_VERSION.split(".")[1]);

export const migrateCommand = command({
  name: "migrate",
  text: "Migrates schema of etcd data dir files to make them compatible with different etcd version",
  flags: [
    { name: "data-dir", kind: "string", initial: "", required: true, text: "Path to the etcd data dir" },
    {
      name: "target-version",
      kind: "string",
      initial: "",
      required: true,
      text: 'Target etcd version to migrate contents of data dir. Minimal value 3.5. Format "X.Y" for example 3.6.',
    },
    {
      name: "force",
      kind: "bool",
      initial: false,
      text: "Ignore migration failure and forcefully override storage version. Not recommended.",
    },
  ],
  run: ({ flags }: Invocation) => migrate(flags),
});

function migrate(flags: FlagValues): void {
  const target = parseTarget(String(flags["target-version"]));
  const directory = dataDirectory(String(flags["data-dir"]));
  mustExist(new RealDisk(), directory.database);
  const committer = waitFor(flags, () => openForWriting(directory.database));
  if (committer === undefined) throw databaseIsLocked(directory.database);
  try {
    const refused = move(committer, target, directory.wal);
    if (refused === undefined) return;
    if (flags.force !== true) throw new CommandError(EXIT_ERROR, refused);
    log.info("commands/migrate.ts:62", "normal migrate failed, trying with force", { error: refused });
    setVersion(committer, target);
  } finally {
    committer.close();
  }
}

/** The minor version of "3.N". */
function parseTarget(text: string): number {
  const parts = text.split(".");
  if (parts.length !== 2) {
    throw new CommandError(
      EXIT_BAD_ARGUMENTS,
      `wrong target version format, expected "X.Y", got ${JSON.stringify(text)}`,
    );
  }
  const [major, minor] = parts.map((part) => {
    const value = parseFlagValue("int", part);
    if (value.ok) return Number(value.value);
    throw new CommandError(EXIT_BAD_ARGUMENTS, `failed to parse target version: ${value.reason}`);
  }) as [number, number];
  if (major < 3 || (major === 3 && minor < OLDEST_MINOR)) {
    const reason = `target version "${major}.${minor}" not supported. Minimal "3.${OLDEST_MINOR}"`;
    throw new CommandError(EXIT_BAD_ARGUMENTS, reason);
  }
  if (major > 3 || minor > NEWEST_MINOR) {
    throw new CommandError(
      EXIT_ERROR,
      `cannot create migration plan: version "${major}.${minor}.0" is not supported`,
    );
  }
  return minor;
}

/** Goes step by step; returns why it may not. */
function move(committer: Committer, target: number, walFolder: string): string | undefined {
  const stored = storageVersionOf(committer.opened);
  if (stored === "") return "cannot detect storage schema version: missing term information";
  const current = Number(stored.split(".")[1]);
  if (current > NEWEST_MINOR) {
    return `cannot create migration plan: version "${stored}" is not supported`;
  }
  if (current === target) {
    log.info("commands/migrate.ts:105", "storage version up-to-date", {
      "storage-version": `3.${current}`,
    });
    return undefined;
  }
  const ofLog = logVersion(walFolder);
  if (target < current && ofLog > target) {
    return `cannot downgrade storage, WAL contains newer entries, as the target version (3.${target}.0) is lower than the version (3.${ofLog}.0) detected from WAL logs`;
  }
  const step = Math.sign(target - current);
  for (let minor = current + step; ; minor += step) {
    setVersion(committer, minor);
    if (minor === target) return undefined;
  }
}

function setVersion(committer: Committer, minor: number): void {
  const packer = new OperationPacker();
  if (minor > OLDEST_MINOR) packer.put(META, STORAGE_VERSION, utf8Bytes(`3.${minor}.0`));
  else packer.delete(META, STORAGE_VERSION);
  const { database } = committer;
  database.apply(packer.finish());
  database.commit({ oldestReader: database.transaction });
  log.info("commands/migrate.ts:128", "updated storage version", {
    "new-storage-version": `3.${minor}.0`,
  });
}
