/**
 * Whether the addresses for clients can be opened, before a data directory is made or anything in it is changed. They are opened for good
 * when the member serves; the original opens them here, and answers a taken one at this stage.
 */

import { createServer } from "node:net";
import type { Config } from "../config/config.ts";
import { isUnix, type Url } from "../flags/url.ts";
import type { ListenerError } from "../tls/server-identity.ts";
import { listenOn } from "./listening.ts";

/** Throws with the reason of the first that cannot. */
export async function checkClientPorts(config: Config): Promise<void> {
  const { listenClientUrls, listenClientHttpUrls, listenMetricsUrls } = config;
  const urls = [...listenClientUrls, ...listenClientHttpUrls, ...listenMetricsUrls].filter(
    (url) => !isUnix(url),
  );
  for (const address of new Set(urls.map(({ host }) => host))) {
    await tryPort(urls.find(({ host }) => host === address)!, config);
  }
}

async function tryPort(url: Url, config: Config): Promise<void> {
  const server = createServer();
  try {
    await listenOn(server, url, config);
  } catch (error) {
    // Of the start, as the original has it; its listeners fail later.
    throw new Error((error as ListenerError).message);
  }
  await new Promise((resolve) => server.close(resolve));
}
