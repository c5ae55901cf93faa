/**
 * Whether the addresses for clients can be opened, before a data directory is made or anything in it is changed. They are opened for good
 * when the member serves; the original opens them here, and answers a taken one at this stage.
 */

import { createServer } from "node:net";
import type { Config } from "../config/config.ts";
import { systemReason } from "../config/system-reason.ts";
import { isUnix, splitHostPort, type Url } from "../flags/url.ts";

/** Throws with the reason of the first that cannot. */
export async function checkClientPorts(config: Config): Promise<void> {
  const { listenClientUrls, listenClientHttpUrls, listenMetricsUrls } = config;
  const urls = [...listenClientUrls, ...listenClientHttpUrls, ...listenMetricsUrls].filter(
    (url) => !isUnix(url),
  );
  for (const address of new Set(urls.map(({ host }) => host))) {
    await tryPort(urls.find(({ host }) => host === address)!);
  }
}

function tryPort({ host: address }: Url): Promise<void> {
  const { host, port } = splitHostPort(address)!;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => reject(new Error(`listen tcp ${address}: bind: ${systemReason(error)}`)));
    server.listen(Number(port), host === "" ? undefined : host, () => server.close(() => resolve()));
  });
}
