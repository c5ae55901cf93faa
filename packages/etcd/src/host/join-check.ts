/**
 * A member without data that is to join a running cluster (`peer-protocol.md` 11.2): its members are asked who belongs to it. Joining
 * itself comes with clusters of several members; until then whoever answers is the reason not to start.
 */

import { readFileSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { Logger } from "@etcd-ts/base";
import type { Config } from "../config/config.ts";
import { parseInitialCluster } from "../config/initial-cluster.ts";
import type { StartObjection } from "../config/start-checks.ts";
import { systemReason } from "../config/system-reason.ts";
import { isTls, type Url } from "../flags/url.ts";

const ANSWER_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const NOBODY_ANSWERS =
  "cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs";

/** What stands against joining. */
export async function joinObjection(config: Config, log: Logger): Promise<StartObjection> {
  for (const url of otherMembers(config)) {
    const address = `${url.text}/members`;
    const failure = await askFor(address, isTls(url) ? tlsOptions(config) : undefined);
    if (failure === undefined) {
      const reason = `${url.text} answers, but joining a cluster is a feature of a later version`;
      return { stage: "bootstrap", reason };
    }
    log.warn("host/join-check.ts:30", "failed to get cluster response", { address, error: failure });
  }
  return { stage: "bootstrap", reason: NOBODY_ANSWERS };
}

function otherMembers({ initialCluster, name }: Config): readonly Url[] {
  const cluster = parseInitialCluster(initialCluster);
  if (!cluster.ok) return [];
  const urls = [...cluster.value].flatMap(([member, list]) => (member === name ? [] : list));
  return urls.sort((a, b) => (a.text < b.text ? -1 : 1));
}

interface PeerTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly rejectUnauthorized?: boolean;
}

/** A certificate for requests to peers is its own, or the one that peers are shown. */
function tlsOptions(config: Config): PeerTls {
  const certFile = config.peerClientCertFile || config.peerCertFile;
  const keyFile = config.peerClientKeyFile || config.peerKeyFile;
  return {
    ...(config.peerTrustedCaFile === "" ? {} : { ca: readFileSync(config.peerTrustedCaFile) }),
    ...(certFile === "" ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === "" ? {} : { key: readFileSync(keyFile) }),
    ...(config.peerAutoTls ? { rejectUnauthorized: false } : {}),
  };
}

/** Undefined: it answered; else why not, in the original's words. */
function askFor(address: string, tls: PeerTls | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = tls === undefined ? requestPlain(address) : requestTls(address, tls);
    request.setTimeout(ANSWER_TIMEOUT_MS, () => request.destroy(new Error("i/o timeout")));
    request.on("response", (response) => {
      let length = 0;
      response.on("data", (bytes: Buffer) => {
        length += bytes.length;
        if (length > ANSWER_BYTES_MAX) request.destroy(new Error("the answer is too long"));
      });
      response.on("end", () => {
        const { statusCode = 0 } = response;
        resolve(statusCode === 200 ? undefined : `status ${statusCode}`);
      });
    });
    request.on("error", (error) => resolve(`Get "${address}": ${dialFailure(address, error)}`));
    request.end();
  });
}

function dialFailure(address: string, error: NodeJS.ErrnoException): string {
  if (error.syscall !== "connect") return error.message;
  return `dial tcp ${new URL(address).host}: connect: ${systemReason(error)}`;
}
