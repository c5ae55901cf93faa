/** `snapshot status FILE`: checks the whole file and tells what is in it (`bbolt-file.md` 9.2). */

import { humanBytes, utf8String } from "@etcd-ts/base";
import { checkDatabase, DatabaseHash } from "@etcd-ts/storage";
import {
  CommandError,
  command,
  EXIT_BAD_ARGUMENTS,
  EXIT_ERROR,
  type Invocation,
} from "../command-line/command.ts";
import { DatabaseFile } from "../file/database-file.ts";
import { lastRevision, liveRevisions } from "../file/key-revisions.ts";
import { type Column, resultText, writeOutOf } from "../output/printer.ts";

const SLICE_BYTES = 16 * 1024 * 1024;

export const statusCommand = command({
  name: "status",
  use: "status <filename> [flags]",
  text: "Gets backend snapshot status of a given file",
  run: printStatus,
});

function printStatus({ args, flags }: Invocation): void {
  const [path] = args;
  if (path === undefined || args.length !== 1)
    throw new CommandError(EXIT_BAD_ARGUMENTS, "snapshot status requires exactly one argument");
  const form = writeOutOf(flags);
  const database = DatabaseFile.open(path, flags, lockedError);
  const columns = statusOf(database);
  database.close();
  process.stdout.write(resultText(form, columns));
}

function lockedError(path: string): Error {
  return new CommandError(EXIT_ERROR, `${path} is in use: its lock could not be taken within --timeout`);
}

function statusOf(database: DatabaseFile): readonly Column[] {
  const { problems } = checkDatabase(database.disk, database.path);
  if (problems.length > 0) {
    const lines = problems.map(({ text }) => text).join("\n");
    throw new Error(`snapshot file integrity check failed. ${problems.length} errors found.\n${lines}`);
  }
  const { pages, meta } = database;
  const hash = new DatabaseHash(pages, meta.root);
  while (!hash.advance(SLICE_BYTES));
  const revision = lastRevision(database);
  const keys = liveRevisions(database, Number.POSITIVE_INFINITY).size;
  const size = meta.highWaterMark * meta.pageBytes;
  const stored = database.get("meta", "storageVersion");
  return statusColumns(hash.value, revision, keys, size, stored === undefined ? "" : utf8String(stored));
}

function statusColumns(
  hash: number,
  revision: number,
  keys: number,
  size: number,
  version: string,
): Column[] {
  const column = (
    header: string,
    field: string,
    jsonName: string,
    value: string | number,
    cell = `${value}`,
  ) => ({
    header,
    field,
    jsonName,
    value,
    cell,
  });
  return [
    column("HASH", "Hash", "hash", hash, hash.toString(16)),
    column("REVISION", "Revision", "revision", revision),
    column("TOTAL KEYS", "Keys", "totalKey", keys),
    column("TOTAL SIZE", "Size", "totalSize", size, humanBytes(size)),
    column("VERSION", "Version", "version", version),
  ];
}
