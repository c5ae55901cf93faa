import { SERVER_VERSION } from "@etcd-ts/server";
import { command } from "../command-line/command.ts";

export const versionCommand = command({
  name: "version",
  text: "Prints the version of etcdutl",
  run: () => {
    const api = SERVER_VERSION.split(".").slice(0, 2).join(".");
    process.stdout.write(`etcdutl version: ${SERVER_VERSION}\nAPI version: ${api}\n`);
  },
});
