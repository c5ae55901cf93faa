/** The executable `etcd`: from the command line to a configuration and a log, and on to the server and its end. */

import { startUp } from "./config/start-up.ts";
import { type RunningServer, runServer } from "./host/run-server.ts";

const start = startUp({
  words: [process.argv[1] ?? "etcd", ...process.argv.slice(2)],
  env: process.env,
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
});

if (start.kind === "exit") process.exitCode = start.code;
else await serve(start);

async function serve({ config, log }: Extract<typeof start, { readonly kind: "run" }>): Promise<void> {
  const onFatal = (error: Error) => {
    log.fatal("src/main.ts:18", "the member cannot go on", { error: error.message });
    process.exit(1);
  };
  process.on("uncaughtException", onFatal);
  let server: RunningServer;
  try {
    server = await runServer(config, log, onFatal);
  } catch (error) {
    log.fatal("src/main.ts:26", "discovery failed", {
      error: error instanceof Error ? error.message : String(error),
    });
    process.exit(1);
  }
  const stop = (signal: NodeJS.Signals) => {
    log.info("src/main.ts:32", "received signal; shutting down", { signal });
    server.stop().then(() => endBySignal(signal), onFatal);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

/** The process ends as one that the signal ended, which is what the original's exit status says. */
function endBySignal(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
