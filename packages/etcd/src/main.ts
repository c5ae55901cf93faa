/** The executable `etcd`: from the command line to a configuration and a log, and on to the server and its end. */

import { startUp } from "./config/start-up.ts";
import { type RunningServer, runServer } from "./host/run-server.ts";
import { isSummaryAsked, summaryText } from "./host/summary.ts";
import { ToldFailure } from "./host/told-failure.ts";
import { ListenerError } from "./tls/server-identity.ts";

const start = startUp({
  words: [process.argv[1] ?? "etcd", ...process.argv.slice(2)],
  env: process.env,
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
});

if (start.kind === "exit") process.exitCode = start.code;
else void serve(start);

async function serve({ config, log }: Extract<typeof start, { readonly kind: "run" }>): Promise<void> {
  const onFatal = (error: Error) => {
    log.fatal("src/main.ts:21", "the member cannot go on", { error: error.message });
    process.exit(1);
  };
  process.on("uncaughtException", onFatal);
  let server: RunningServer;
  try {
    server = await runServer(config, log, onFatal);
  } catch (error) {
    if (error instanceof ToldFailure) process.exit(1);
    const reason = error instanceof Error ? error.message : String(error);
    log.fatal("src/main.ts:31", error instanceof ListenerError ? "listener failed" : "discovery failed", {
      error: reason,
    });
    process.exit(1);
  }
  if (isSummaryAsked(config, process.stdout.isTTY)) process.stdout.write(summaryText(config));
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Whoever is impatient does not make it any faster.
    if (stopping) return;
    stopping = true;
    log.info("src/main.ts:42", "received signal; shutting down", { signal: SIGNAL_WORDS[signal] });
    server.stop().then(() => endBySignal(signal), onFatal);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = { SIGTERM: "terminated", SIGINT: "interrupt" };

/** The process ends as one that the signal ended, which is what the original's exit status says. */
function endBySignal(signal: NodeJS.Signals): void {
  // The first process of a container gets no signal of its own making.
  if (process.pid === 1) process.exit(0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
