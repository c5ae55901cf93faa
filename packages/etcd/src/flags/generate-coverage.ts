/** Writes the table of flags into docs/COVERAGE.md: `node packages/etcd/dist/flags/generate-coverage.js`. */
import { readFileSync, writeFileSync } from "node:fs";
import { withFlagCoverage } from "./coverage.ts";

const path = new URL("../../../../docs/COVERAGE.md", import.meta.url);
writeFileSync(path, withFlagCoverage(readFileSync(path, "utf8")));
