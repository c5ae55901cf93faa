/**
 * What a put waits while the database is defragmented again and again, against without: `node scripts/bench/defragmentation.mjs [keys]
 * [contenders] [turns]`. A store of so many keys, each written twice (about 0.7 GB with a million), and 1,000 puts a second on eight connections.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT, setUp } from "../setup.mjs";
import { generate } from "./load.mjs";
import { Server } from "./server.mjs";
import { markdown } from "./table.mjs";

const REFERENCE = process.env.ETCD_REFERENCE || join(ROOT, "..", "shared", "peers", "3.7.1");
const PROGRAMS = { original: join(REFERENCE, "etcd"), ours: join(ROOT, "bin", "etcd") };
const [keysText = "1000000", contendersText = "original,ours", turnsText = "2"] = process.argv.slice(2);
const keys = Number(keysText);
const PUTS = {
  call: "put",
  keys,
  connections: 8,
  streams: 1,
  ratePerSecond: 1000,
  warmUpSeconds: 1,
  seconds: 6,
};

await setUp((line) => process.stderr.write(`${line}\n`));
const lines = [];
for (const contender of contendersText.split(",")) {
  const server = await Server.create(contender, PROGRAMS[contender] ?? contender);
  try {
    await server.start();
    for (let i = 0; i < 2; i++) await generate(server, { call: "fill", keys, connections: 8, streams: 4 });
    for (let turn = 0; turn < Number(turnsText); turn++) {
      note(contender, "without", await generate(server, PUTS), []);
      const defragmentations = repeated(server);
      const puts = await generate(server, PUTS);
      note(contender, "during", puts, await defragmentations.end());
    }
  } finally {
    await server.dispose();
  }
}
process.stdout.write(
  `${markdown(["server", "defragmentation", "p50 ms", "p99 ms", "longest ms", "puts/s", "it took s"], lines)}\n`,
);

function note(contender, when, { p50Ms, p99Ms, maxMs, perSecond }, tookSeconds) {
  const took = tookSeconds.map((seconds) => seconds.toFixed(1)).join(" ");
  lines.push([
    contender,
    when,
    p50Ms.toFixed(2),
    p99Ms.toFixed(1),
    maxMs.toFixed(0),
    Math.round(perSecond),
    took,
  ]);
}

/** One after the other, until it is ended. */
function repeated(server) {
  let isEnded = false;
  const took = [];
  const all = (async () => {
    while (!isEnded) {
      const begin = performance.now();
      await defragment(server);
      took.push((performance.now() - begin) / 1000);
    }
  })();
  return {
    async end() {
      isEnded = true;
      await all;
      return took;
    },
  };
}

function defragment(server) {
  const ctl = spawn(
    join(REFERENCE, "etcdctl"),
    [`--endpoints=${server.url}`, "--command-timeout=60s", "defrag"],
    {
      stdio: "ignore",
    },
  );
  return new Promise((resolve, reject) =>
    ctl.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`defrag ended with ${code}`)))),
  );
}
