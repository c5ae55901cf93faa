/**
 * `npm test`: set up, then every test that needs no other program. Tests that compare with recordings of the original look
 * for them in ETCD_TS_SHARED, or in ../shared beside the checkout, and say that they were skipped where there are none.
 * Arguments choose: `npm test -- storage raft` runs the files whose path contains one of the words.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { lastLine, runTests } from "./run-tests.mjs";
import { ROOT, setUp } from "./setup.mjs";

const FILE_TIMEOUT_MS = 120_000;

process.env.ETCD_TS_SHARED ||= join(ROOT, "..", "shared");

await setUp((line) => process.stdout.write(`${line}\n`));
const words = process.argv.slice(2);
const files = testFiles().filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
const counts = await runTests(files, { timeoutMs: FILE_TIMEOUT_MS });
process.stdout.write(lastLine(counts));
process.exit(counts.failed > 0 ? 1 : 0);

/** Compiled tests whose source still exists, and those of the scripts. */
function testFiles() {
  const packages = readdirSync(join(ROOT, "packages")).filter((name) =>
    existsSync(join(ROOT, "packages", name, "src")),
  );
  const compiled = packages.flatMap((name) => {
    const from = join(ROOT, "packages", name, "src");
    const to = join(ROOT, "packages", name, "dist");
    return filesBelow(from, /\.test\.ts$/).map((path) =>
      join(to, path.slice(from.length).replace(/\.ts$/, ".js")),
    );
  });
  return [...filesBelow(join(ROOT, "scripts"), /\.test\.mjs$/), ...compiled];
}

function filesBelow(dir, pattern) {
  const entries = readdirSync(dir, { recursive: true }).map(String);
  return entries
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(dir, name));
}
