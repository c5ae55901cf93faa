/** Opens a server on the address of a URL; what stands against it is worded as the original's reason. */

import { rmSync } from "node:fs";
import type { ListenOptions, Server } from "node:net";
import type { Config } from "../config/config.ts";
import { systemReason } from "../config/system-reason.ts";
import { isUnix, splitHostPort, type Url } from "../flags/url.ts";
import { ListenerError } from "../tls/server-identity.ts";

/** Resolves when connections can arrive; rejects with a {@link ListenerError}. */
export function listenOn(server: Server, url: Url, { socketReusePort: reusePort }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenerError(listenFailure(url, error))));
    const onListening = () => resolve();
    if (isUnix(url)) {
      // What an earlier process left behind would be in the way.
      rmSync(url.host, { force: true });
      server.listen(url.host, onListening);
      return;
    }
    const { host, port } = splitHostPort(url.host)!;
    const options: ReusingListenOptions = { port: Number(port), ...(host === "" ? {} : { host }), reusePort };
    server.listen(options, onListening);
  });
}

/** `reusePort` is younger than the oldest run-time that the types describe. */
interface ReusingListenOptions extends ListenOptions {
  readonly reusePort: boolean;
}

function listenFailure(url: Url, error: Error): string {
  const network = isUnix(url) ? "unix" : "tcp";
  return `listen ${network} ${url.host}: bind: ${systemReason(error)}`;
}
