/**
 * What the configuration says where the user said nothing: the data directory, the first cluster, and the addresses to advertise when a
 * member listens on all of its machine's.
 */
import type { Logger } from "@etcd-ts/base";
import { DEFAULT_CLIENT_URLS, DEFAULT_NAME, DEFAULT_PEER_URLS } from "../flags/member-flags.ts";
import type { Settings } from "../flags/server-flags.ts";
import { parseUrls, splitHostPort, type Url } from "../flags/url.ts";
import type { IsSet } from "./config.ts";

const ALL_ADDRESSES = "0.0.0.0";

/** The address by which the machine reaches others, or why it is not known. */
export type DefaultHost = { readonly host: string } | { readonly reason: string };

/** The first cluster as far as flags tell: nothing when another way of finding it is chosen. */
export function fillInitialCluster(settings: Settings, isSet: IsSet): void {
  if (isSet("initial-cluster")) return;
  const isFoundOtherwise = settings.discoverySrv !== "" || settings.discoveryEndpoints.length > 0;
  settings.initialCluster = isFoundOtherwise ? "" : clusterOf(DEFAULT_NAME, DEFAULT_PEER_URLS);
}

/** Adjustments after validation, logged as they are made. */
export function fillDefaults(settings: Settings, defaultHost: () => DefaultHost, log: Logger): void {
  const isDefaultCluster = settings.initialCluster === clusterOf(DEFAULT_NAME, DEFAULT_PEER_URLS);
  advertiseHost(settings, defaultHost, log);
  if (
    isDefaultCluster &&
    settings.name !== "" &&
    (settings.name !== DEFAULT_NAME || hasOwnPeerUrls(settings))
  ) {
    settings.initialCluster = clusterOf(settings.name, settings.initialAdvertisePeerUrls);
  }
  if (settings.dataDir !== "") return;
  settings.dataDir = `${settings.name}.etcd`;
  log.warn("config/defaults.ts:36", "'data-dir' was empty; using default", { "data-dir": settings.dataDir });
}

/** A detected host is the only way by which the addresses of a nameless member differ from the default ones it began with. */
function hasOwnPeerUrls({ initialAdvertisePeerUrls: urls, listenPeerUrls }: Settings): boolean {
  return urls !== DEFAULT_PEER_URLS && splitHostPort(listenPeerUrls[0]?.host ?? "")?.host === ALL_ADDRESSES;
}

function clusterOf(name: string, urls: readonly Url[]): string {
  return urls.map(({ text }) => `${name}=${text}`).join(",");
}

function advertiseHost(settings: Settings, defaultHost: () => DefaultHost, log: Logger): void {
  const peerPort = portOnAllAddresses(
    settings.listenPeerUrls,
    settings.initialAdvertisePeerUrls,
    DEFAULT_PEER_URLS,
  );
  const clientPort = portOnAllAddresses(
    settings.listenClientUrls,
    settings.advertiseClientUrls,
    DEFAULT_CLIENT_URLS,
  );
  if (peerPort === undefined && clientPort === undefined) return;
  const detected = defaultHost();
  if ("reason" in detected) {
    log.info("config/defaults.ts:62", "failed to detect default host", { error: detected.reason });
    return;
  }
  const { host } = detected;
  if (peerPort !== undefined) settings.initialAdvertisePeerUrls = httpUrl(host, peerPort);
  if (clientPort !== undefined) settings.advertiseClientUrls = httpUrl(host, clientPort);
  log.info("config/defaults.ts:68", "detected default host for advertise", { host });
}

function portOnAllAddresses(
  listen: readonly Url[],
  advertise: readonly Url[],
  initial: readonly Url[],
): string | undefined {
  const first = splitHostPort(listen[0]?.host ?? "");
  const isDefault = advertise.length === 1 && advertise[0]!.text === initial[0]!.text;
  return isDefault && first?.host === ALL_ADDRESSES ? first.port : undefined;
}

function httpUrl(host: string, port: string): readonly Url[] {
  const urls = parseUrls(`http://${host.includes(":") ? `[${host}]` : host}:${port}`);
  return urls.ok ? urls.value : [];
}
