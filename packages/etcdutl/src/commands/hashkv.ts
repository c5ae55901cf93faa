/** `hashkv FILE`: the hash of the keys at a revision, as a server on this file would answer it. The file is not changed. */

import { ReaderWork, type RecordHashOptions } from "@etcd-ts/storage";
import { CommandError, command, EXIT_ERROR, type Invocation } from "../command-line/command.ts";
import { DatabaseFile } from "../file/database-file.ts";
import {
  compactRevision,
  keptRevisions,
  lastRevision,
  liveRevisions,
  NO_REVISIONS,
} from "../file/key-revisions.ts";
import { databaseIsLocked } from "../file/locks.ts";
import { type Column, resultText, writeOutOf } from "../output/printer.ts";

export const hashKvCommand = command({
  name: "hashkv",
  use: "hashkv <filename> [flags]",
  text: "Prints the KV history hash of a given file",
  flags: [
    { name: "rev", kind: "int", initial: 0, text: "maximum revision to hash (default: latest revision)" },
  ],
  objection: (args) => (args.length === 1 ? undefined : `accepts 1 arg(s), received ${args.length}`),
  run: printHash,
});

function printHash({ args, flags }: Invocation): void {
  const form = writeOutOf(flags);
  const database = DatabaseFile.open(args[0]!, flags, databaseIsLocked);
  const options = hashOptions(database, Number(flags.rev));
  const hash = hashOf(database, options);
  database.close();
  process.stdout.write(resultText(form, hashColumns(hash, options)));
}

function hashOptions(database: DatabaseFile, asked: number): RecordHashOptions {
  const compacted = compactRevision(database);
  const current = Math.max(1, lastRevision(database), compacted);
  const revision = asked === 0 ? current : asked;
  if (revision > current) throw new CommandError(EXIT_ERROR, "mvcc: required revision is a future revision");
  if (revision > 0 && revision < compacted)
    throw new CommandError(EXIT_ERROR, "mvcc: required revision has been compacted");
  const kept = compacted < 0 ? NO_REVISIONS : keptRevisions(liveRevisions(database, revision).values());
  return { revision, compactRevision: compacted, kept };
}

function hashOf({ disk, path, meta }: DatabaseFile, options: RecordHashOptions): number {
  let hash = 0;
  const work = new ReaderWork(disk, path, meta.pageBytes, (reply) => {
    if (reply.kind === "hashed") hash = reply.hash;
  });
  work.handle({ kind: "hash-records", job: 1, root: { ...meta, file: 1 }, options });
  while (work.work());
  work.close();
  return hash;
}

function hashColumns(hash: number, options: RecordHashOptions): Column[] {
  const column = (header: string, field: string, jsonName: string, value: number) => ({
    header,
    field,
    jsonName,
    value,
    cell: `${value}`,
  });
  return [
    column("HASH", "Hash", "hash", hash),
    column("HASH REVISION", "Hash revision", "hashRevision", options.revision),
    column("COMPACT REVISION", "Compact revision", "compactRevision", options.compactRevision),
  ];
}
