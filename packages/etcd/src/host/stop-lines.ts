/**
 * What an orderly stop tells operators, in the original's words: its listeners end by errors of their own making, and say so. No
 * error has happened; alerting rules that know the original know these lines.
 */

import type { Logger } from "@etcd-ts/base";
import { hex } from "@etcd-ts/server";
import type { Config } from "../config/config.ts";
import { isTls } from "../flags/url.ts";
import { texts } from "./config-dump.ts";

export class StopLines {
  private readonly log: Logger;
  private readonly config: Config;

  constructor(log: Logger, config: Config) {
    this.log = log;
    this.config = config;
  }

  closing(): void {
    this.log.info("host/stop-lines.ts:22", "closing etcd server", this.whose());
  }

  /** A cluster of one has nobody to hand its leadership to. */
  transferSkipped(memberId: bigint, leader: bigint): void {
    this.log.info("host/stop-lines.ts:27", "skipped leadership transfer for single voting member cluster", {
      "local-member-id": hex(memberId),
      "current-leader-member-id": hex(leader),
    });
  }

  listenersClosed(): void {
    const { log, config } = this;
    log.error("host/stop-lines.ts:35", "setting up serving from embedded etcd failed.", {
      error: "http: Server closed",
    });
    log.info("host/stop-lines.ts:38", "server has stopped; stopping cluster version's monitor");
    log.info("host/stop-lines.ts:39", "server has stopped; stopping storage version's monitor");
    for (const url of config.listenClientUrls) {
      const kind = isTls(url) ? "secure" : "insecure";
      const error = `accept tcp ${url.host}: use of closed network connection`;
      log.warn("host/stop-lines.ts:43", `stopping ${kind} grpc server due to error`, { error });
      log.warn("host/stop-lines.ts:44", `stopped ${kind} grpc server due to error`, { error });
    }
  }

  peersClosed(): void {
    for (const { host: address } of this.config.listenPeerUrls) {
      this.log.info("host/stop-lines.ts:50", "stopping serving peer traffic", { address });
      this.log.info("host/stop-lines.ts:51", "stopped serving peer traffic", { address });
    }
  }

  closed(): void {
    this.log.info("host/stop-lines.ts:56", "closed etcd server", this.whose());
  }

  private whose() {
    const { name, dataDir, initialAdvertisePeerUrls, advertiseClientUrls } = this.config;
    return {
      name,
      "data-dir": dataDir,
      "advertise-peer-urls": texts(initialAdvertisePeerUrls),
      "advertise-client-urls": texts(advertiseClientUrls),
    };
  }
}
