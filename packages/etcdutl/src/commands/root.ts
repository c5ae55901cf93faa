/** The program and its commands. */

import { command } from "../command-line/command.ts";
import { completionCommand } from "./completion.ts";
import { defragCommand } from "./defrag.ts";
import { hashKvCommand } from "./hashkv.ts";
import { migrateCommand } from "./migrate.ts";
import { restoreCommand } from "./snapshot-restore.ts";
import { statusCommand } from "./snapshot-status.ts";
import { versionCommand } from "./version.ts";

const SECOND = 1e9;

export const ROOT = command({
  name: "etcdutl",
  text: "An administrative command line tool for etcd3.",
  flags: [
    {
      name: "timeout",
      kind: "duration",
      initial: 10 * SECOND,
      shown: "10s",
      text: "time to wait to obtain a file lock on db file, 0 to block indefinitely",
    },
    {
      name: "write-out",
      short: "w",
      kind: "string",
      initial: "simple",
      shown: '"simple"',
      text: "set the output format (fields, json, protobuf, simple, table)",
    },
  ],
  commands: [
    completionCommand(() => ROOT),
    defragCommand,
    hashKvCommand,
    migrateCommand,
    command({
      name: "snapshot",
      text: "Manages etcd node snapshots",
      commands: [restoreCommand, statusCommand],
    }),
    versionCommand,
  ],
});
