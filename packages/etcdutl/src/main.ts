/** The executable `etcdutl`: work on files that no server uses. */

import { runProgram } from "./command-line/program.ts";
import { ROOT } from "./commands/root.ts";

process.exitCode = runProgram(ROOT, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
