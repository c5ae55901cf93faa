/**
 * `npm run raft:trace -- [--rewrite] [FILE or FOLDER ...]`: replays trace files and compares them byte for byte. Without arguments, all
 * reference traces. Exits with 1 when anything differs. `--rewrite` writes the outputs of now into the files.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describeMismatch, replayTrace } from "../replay.ts";
import { referenceTraces, traceFilesAt } from "./trace-files.ts";

function main(args: readonly string[]): number {
  const rewrite = args.includes("--rewrite");
  const named = args.filter((it) => it !== "--rewrite").map((it) => resolve(process.env.INIT_CWD ?? ".", it));
  const reference = referenceTraces();
  const paths = named.length > 0 ? named : reference === undefined ? [] : [reference];
  if (paths.length === 0) {
    console.error("no trace files: the reference traces are not here; set ETCD_TS_SHARED or name files");
    return 1;
  }
  const files = paths.flatMap(traceFilesAt);
  const failed = files.filter((file) => !replay(file, rewrite)).length;
  console.log(
    failed === 0 ? `${files.length} files, all equal` : `${failed} of ${files.length} files differ`,
  );
  return failed === 0 ? 0 : 1;
}

function replay(file: string, rewrite: boolean): boolean {
  try {
    const { mismatches, rewritten } = replayTrace(readFileSync(file, "utf8"));
    if (rewrite) writeFileSync(file, rewritten);
    if (mismatches.length === 0) {
      console.log(`ok ${basename(file)}`);
      return true;
    }
    console.log(`not ok ${basename(file)}`);
    for (const mismatch of mismatches) console.log(describeMismatch(mismatch));
    return rewrite;
  } catch (error) {
    console.log(`not ok ${basename(file)}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

process.exitCode = main(process.argv.slice(2));
