/**
 * Runs test files, one process each and two at a time, and reports: nothing but a count while all is well, a failure whole,
 * and as the last line `N passed, N failed` (with `, N skipped` where some were).
 */
import { run } from "node:test";
import { inspect } from "node:util";

const FILES_AT_A_TIME = 2;

const printOut = (text) => process.stdout.write(text);

/** Resolves to {passed, failed, skipped}. The process of a file that runs longer than `timeoutMs` is ended, as failed. */
export async function runTests(files, { timeoutMs, print = printOut }) {
  const tally = new Tally();
  const waiting = [...files];
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      // The runner's own time limit is one per test in newer Nodes and leaves the process of the file alive.
      const signal = AbortSignal.timeout(timeoutMs);
      for await (const event of run({ files: [file], signal })) print(tally.onEvent(event));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_A_TIME }, lane));
  for (const text of tally.skipReasons()) print(text);
  return tally.counts;
}

export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
}

/** Counts tests; suites, and tests that failed only through a test inside them, are not counted. */
export class Tally {
  counts = { passed: 0, failed: 0, skipped: 0 };
  #output = new Map();
  #reasons = new Map();

  /** Returns what is to be printed. */
  onEvent({ type, data }) {
    switch (type) {
      case "test:pass":
        this.#onPass(data);
        return "";
      case "test:fail":
        return this.#onFail(data);
      case "test:stdout":
      case "test:stderr":
        this.#output.set(data.file, `${this.#output.get(data.file) ?? ""}${data.message}`);
        return "";
      default:
        return "";
    }
  }

  *skipReasons() {
    for (const [reason, count] of this.#reasons) yield `skipped ${count}: ${reason}\n`;
  }

  #onPass(data) {
    if (isSuite(data)) return;
    if (data.skip === undefined && data.todo === undefined) {
      if (!isFileItself(data)) this.counts.passed++;
      return;
    }
    this.counts.skipped++;
    const reason = typeof data.skip === "string" && data.skip !== "" ? data.skip : data.name;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  #onFail(data) {
    const { error } = data.details;
    if (error?.failureType === "subtestsFailed") return "";
    this.counts.failed++;
    const output = this.#output.get(data.file);
    this.#output.delete(data.file);
    const place = `${data.file}${data.line ? `:${data.line}` : ""}`;
    const parts = [`FAILED ${data.name}`, `  in ${place}`, indented(describe(error))];
    if (output !== undefined) parts.push("  output:", indented(output));
    return `${parts.join("\n")}\n\n`;
  }
}

function isSuite(data) {
  return data.details?.type === "suite";
}

/** Newer Nodes report each file as a test around its tests. */
function isFileItself(data) {
  return data.nesting === 0 && data.file === data.name;
}

function describe(error) {
  const cause = error?.cause ?? error;
  return typeof cause === "string" ? cause : inspect(cause, { depth: 6, maxStringLength: 4000 });
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, "    ");
}
