/**
 * `npm run e2e`: set up, then the tests with real processes, ours and the original's. ETCD_REFERENCE names the folder of the
 * original's programs; without it they are looked for in ../shared/peers/3.7.1. Arguments choose files, as with `npm test`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { lastLine, runTests } from "./run-tests.mjs";
import { ROOT, setUp } from "./setup.mjs";

const FILE_TIMEOUT_MS = 600_000;

await setUp((line) => process.stdout.write(`${line}\n`));
const words = process.argv.slice(2);
const files = readdirSync(join(ROOT, "e2e"))
  .filter(
    (name) => name.endsWith(".test.ts") && (words.length === 0 || words.some((word) => name.includes(word))),
  )
  .map((name) => join(ROOT, "e2e", "dist", name.replace(/\.ts$/, ".js")));
const counts = await runTests(files, { timeoutMs: FILE_TIMEOUT_MS });
process.stdout.write(lastLine(counts));
process.exit(counts.failed > 0 ? 1 : 0);
