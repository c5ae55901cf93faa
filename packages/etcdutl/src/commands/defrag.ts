/** `defrag --data-dir DIR`: the database of a stopped member, written anew. */

import { formatDuration, humanBytes } from "@etcd-ts/base";
import { type Committer, type Database, dataDirectory, RealDisk } from "@etcd-ts/storage";
import {
  CommandError,
  command,
  EXIT_ERROR,
  type FlagValues,
  type Invocation,
} from "../command-line/command.ts";
import { mustExist } from "../file/database-file.ts";
import { databaseIsLocked, waitFor } from "../file/locks.ts";
import { openForWriting } from "../file/open-for-writing.ts";
import { log } from "../output/log.ts";

const NANOSECONDS_PER_MS = 1e6;

export const defragCommand = command({
  name: "defrag",
  text: "Defragments the storage of the etcd",
  flags: [
    {
      name: "data-dir",
      kind: "string",
      initial: "",
      required: true,
      text: "Required. Defragments a data directory not in use by etcd.",
    },
  ],
  run: ({ flags }: Invocation) => {
    const folder = String(flags["data-dir"]);
    try {
      defragment(dataDirectory(folder).database, flags);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(EXIT_ERROR, `Failed to defragment etcd data[${folder}] (${reason})`);
    }
  },
});

function defragment(path: string, flags: FlagValues): void {
  mustExist(new RealDisk(), path);
  const committer = waitFor(flags, () => openForWriting(path));
  if (committer === undefined) throw databaseIsLocked(path);
  while (committer.work());
  const before = sizes(committer.database);
  log.info("commands/defrag.ts:49", "defragmenting", { path, ...sizeFields(before) });
  const startMs = performance.now();
  const failure = runToEnd(committer);
  if (failure === undefined) logEnd(path, before, sizes(committer.database), performance.now() - startMs);
  committer.close();
  if (failure !== undefined) throw new Error(failure);
}

function runToEnd(committer: Committer): string | undefined {
  committer.defragment();
  for (;;) {
    const end = committer.takeDefragmentationEnd();
    if (end !== undefined) return "failure" in end ? end.failure : undefined;
    committer.work();
  }
}

interface Sizes {
  readonly size: number;
  readonly inUse: number;
}

function sizes({ size, sizeInUse }: Database): Sizes {
  return { size, inUse: sizeInUse };
}

function sizeFields({ size, inUse }: Sizes): Readonly<Record<string, number | string>> {
  return {
    "current-db-size-bytes": size,
    "current-db-size": humanBytes(size),
    "current-db-size-in-use-bytes": inUse,
    "current-db-size-in-use": humanBytes(inUse),
  };
}

function logEnd(path: string, before: Sizes, after: Sizes, tookMs: number): void {
  log.info("commands/defrag.ts:85", "finished defragmenting directory", {
    path,
    "current-db-size-bytes-diff": after.size - before.size,
    "current-db-size-bytes": after.size,
    "current-db-size": humanBytes(after.size),
    "current-db-size-in-use-bytes-diff": after.inUse - before.inUse,
    "current-db-size-in-use-bytes": after.inUse,
    "current-db-size-in-use": humanBytes(after.inUse),
    took: formatDuration(Math.round(tookMs * NANOSECONDS_PER_MS)),
  });
}
