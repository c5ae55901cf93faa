/**
 * What stands against a start that flags alone do not show to the validation, and that needs no file and no socket to be seen. Each is told at
 * its stage, as the original tells it.
 */
import type { Logger } from "@etcd-ts/base";
import { isTls, type Url } from "../flags/url.ts";
import { type Config, compactionRetention } from "./config.ts";
import { initialClusterObjection, parseInitialCluster } from "./initial-cluster.ts";
import { tlsSettings } from "./tls-settings.ts";

export interface StartObjection {
  readonly stage: "peer listener" | "bootstrap" | "start";
  readonly reason: string;
}

/** `isNewMember`: the data directory holds none yet, so the first cluster counts. */
export function startObjection(config: Config, isNewMember: boolean): StartObjection | undefined {
  return (
    of("start", reasonOf(tlsSettings(config))) ??
    of("start", reusePortReason(config, process.versions.node)) ??
    of("peer listener", peerTlsReason(config)) ??
    of("start", clientTlsReason(config)) ??
    of("start", sharedUrlReason(config)) ??
    of("start", reasonOf(compactionRetention(config))) ??
    of("start", reasonOf(parseInitialCluster(config.initialCluster))) ??
    of("bootstrap", isNewMember ? clusterReason(config) : undefined) ??
    of("start", metricsTlsReason(config))
  );
}

/** The two lines of an objection; the process then ends with 1. */
export function logStartFailure(log: Logger, { stage, reason }: StartObjection): void {
  if (stage === "bootstrap") log.error("config/start-checks.ts:33", "bootstrap failed", { error: reason });
  if (stage === "peer listener")
    log.error("config/start-checks.ts:35", "creating peer listener failed", { error: reason });
  log.fatal("config/start-checks.ts:36", "discovery failed", { error: reason });
}

function of(stage: StartObjection["stage"], reason: string | undefined): StartObjection | undefined {
  return reason === undefined ? undefined : { stage, reason };
}

function reasonOf(outcome: { readonly ok: boolean; readonly reason?: string }): string | undefined {
  return outcome.ok ? undefined : outcome.reason;
}

/** Older run-times would pass the wish over. */
export function reusePortReason({ socketReusePort }: Config, nodeVersion: string): string | undefined {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isAble = major > 22 ? major > 23 || minor >= 1 : major === 22 && minor >= 12;
  return socketReusePort && !isAble
    ? `--socket-reuse-port needs Node 22.12 or newer: this is ${nodeVersion}`
    : undefined;
}

function peerTlsReason({
  listenPeerUrls,
  peerCertFile,
  peerKeyFile,
  peerAutoTls,
}: Config): string | undefined {
  const url = listenPeerUrls.find(isTls);
  const hasFiles = peerCertFile !== "" || peerKeyFile !== "" || peerAutoTls;
  return url && !hasFiles
    ? `cannot listen on TLS for ${url.host}: KeyFile and CertFile are not presented`
    : undefined;
}

function clientTlsReason({
  listenClientUrls,
  listenClientHttpUrls,
  certFile,
  keyFile,
  autoTls,
}: Config): string | undefined {
  const url = [...listenClientUrls, ...listenClientHttpUrls].find(isTls);
  if (url === undefined || certFile !== "" || keyFile !== "" || autoTls) return undefined;
  return `TLS key/cert (--cert-file, --key-file) must be provided for client url ${url.text} with HTTPS scheme`;
}

function sharedUrlReason({ listenClientUrls, listenClientHttpUrls }: Config): string | undefined {
  const isShared = (url: Url): boolean => listenClientUrls.some(({ text }) => text === url.text);
  const url = listenClientHttpUrls.find(isShared);
  return (
    url && `cannot bind both --listen-client-urls and --listen-client-http-urls on the same url ${url.text}`
  );
}

function clusterReason(config: Config): string | undefined {
  const cluster = parseInitialCluster(config.initialCluster);
  return cluster.ok
    ? initialClusterObjection(cluster.value, config.name, config.initialAdvertisePeerUrls)
    : cluster.reason;
}

function metricsTlsReason({ listenMetricsUrls, certFile, keyFile, autoTls }: Config): string | undefined {
  if (!listenMetricsUrls.some(isTls) || certFile !== "" || keyFile !== "" || autoTls) return undefined;
  return "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url";
}
