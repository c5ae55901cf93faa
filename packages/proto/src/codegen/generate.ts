/**
 * `npm run generate -w @etcd-ts/proto`: writes `src/gen` from `proto`. Formatting is part of the output, so the test that
 * compares the two needs nothing but this module.
 */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { emitModules } from "./emit-file.ts";
import { readSchema } from "./schema.ts";

const PROTO_DIRECTORY = new URL("../../proto/", import.meta.url);
/** The sources, not what they are compiled to. */
export const GEN_DIRECTORY = new URL("../../src/gen/", import.meta.url);

export function generate(): Map<string, string> {
  return emitModules(readSchema(PROTO_DIRECTORY));
}

function main(): void {
  const modules = generate();
  mkdirSync(GEN_DIRECTORY, { recursive: true });
  for (const file of readdirSync(GEN_DIRECTORY)) if (!modules.has(file)) rmSync(new URL(file, GEN_DIRECTORY));
  for (const [file, text] of modules) writeFileSync(new URL(file, GEN_DIRECTORY), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
