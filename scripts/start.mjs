/**
 * `npm start`: set up, say how to talk to the server, and become it. The server runs in this very process, so that a signal
 * to it reaches the server and nothing is left behind.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, setUp } from "./setup.mjs";

const say = (line) => process.stderr.write(`etcd-ts: ${line}\n`);
await setUp(say);

const flags = process.argv.slice(2);
const endpoint = clientUrl(flags);
say(`starting one member; its clients' address is ${endpoint}. Ctrl-C stops it`);
say(`gRPC:  etcdctl --endpoints=${endpoint} put greeting hello`);
say(`HTTP:  curl -s ${endpoint}/health`);

const executable = join(ROOT, "bin", "etcd");
process.argv = [process.argv[0], executable, ...flags];
await import(pathToFileURL(executable).href);

/** The address to show: the last one asked for, or the default. */
function clientUrl(args) {
  const joined = args.map((arg, i) => (/^--?[a-z-]+$/.test(arg) ? `${arg}=${args[i + 1] ?? ""}` : arg));
  const given = joined.findLast((arg) => /^--?advertise-client-urls=./.test(arg));
  return given ? given.slice(given.indexOf("=") + 1).split(",")[0] : "http://127.0.0.1:2379";
}
