/** The identities that the configuration names: towards clients, and towards other members. */

import { join } from "node:path";
import type { Logger } from "@etcd-ts/base";
import type { Config } from "../config/config.ts";
import { tlsSettings } from "../config/tls-settings.ts";
import type { Url } from "../flags/url.ts";
import { isTls } from "../flags/url.ts";
import { type CertificatePaths, ensureSelfSigned } from "./self-signed.ts";
import { ListenerError, ServerIdentity } from "./server-identity.ts";

/** Undefined: no URL asks for TLS, and what the flags name is not looked at. Throws {@link ListenerError}. */
export function clientIdentity(config: Config, log: Logger): ServerIdentity | undefined {
  const urls = [...config.listenClientUrls, ...config.listenClientHttpUrls, ...config.listenMetricsUrls];
  if (!urls.some(isTls)) return undefined;
  const files = ownFiles(config, log, {
    given: { certFile: config.certFile, keyFile: config.keyFile },
    auto: config.autoTls,
    name: "client",
    hosts: urls,
  });
  const identity = new ServerIdentity(
    { ...files, trustedCaFile: config.trustedCaFile, clientCertAuth: config.clientCertAuth },
    settingsOf(config),
    {
      crlFile: config.clientCrlFile,
      allowedCommonNames: config.clientCertAllowedCn,
      allowedHostnames: config.clientCertAllowedHostname,
      namesAddress: false,
    },
  );
  log.info("tls/identities.ts:32", "starting with client TLS", {
    "tls-info": tlsInfo(files, config.clientCertFile, config.clientKeyFile, config),
    "cipher-suites": config.cipherSuites,
  });
  return identity;
}

/** The same for the port on which other members are served. */
export function peerIdentity(config: Config, log: Logger): ServerIdentity | undefined {
  if (!config.listenPeerUrls.some(isTls)) return undefined;
  const files = ownFiles(config, log, {
    given: { certFile: config.peerCertFile, keyFile: config.peerKeyFile },
    auto: config.peerAutoTls,
    name: "peer",
    hosts: config.listenPeerUrls,
  });
  return new ServerIdentity(
    { ...files, trustedCaFile: config.peerTrustedCaFile, clientCertAuth: config.peerClientCertAuth },
    settingsOf(config),
    {
      crlFile: config.peerCrlFile,
      allowedCommonNames: config.peerCertAllowedCn,
      allowedHostnames: config.peerCertAllowedHostname,
      namesAddress: !config.peerSkipClientSanVerification,
    },
  );
}

interface OwnFiles {
  readonly given: CertificatePaths;
  readonly auto: boolean;
  readonly name: "client" | "peer";
  readonly hosts: readonly Url[];
}

/** Files that are named win over those that would be made. */
function ownFiles(config: Config, log: Logger, { given, auto, name, hosts }: OwnFiles): CertificatePaths {
  if (!auto) return given;
  if (given.certFile !== "" || given.keyFile !== "") {
    log.warn("tls/identities.ts:71", `ignoring ${name} auto TLS since certs given`);
    return given;
  }
  return ensureSelfSigned(
    {
      directory: join(config.dataDir, "fixtures", name),
      hosts: hosts.map(({ host }) => host),
      validityYears: config.selfSignedCertValidity,
      forPeers: name === "peer",
      now: new Date(),
    },
    log,
  );
}

function settingsOf(config: Config) {
  const settings = tlsSettings(config);
  if (!settings.ok) throw new ListenerError(settings.reason);
  return settings.value;
}

function tlsInfo(
  { certFile, keyFile }: CertificatePaths,
  clientCert: string,
  clientKey: string,
  { trustedCaFile, clientCertAuth, clientCrlFile }: Config,
): string {
  const requires = clientCertAuth || trustedCaFile !== "";
  return (
    `cert = ${certFile}, key = ${keyFile}, client-cert=${clientCert}, client-key=${clientKey}, ` +
    `trusted-ca = ${trustedCaFile}, client-cert-auth = ${requires}, crl-file = ${clientCrlFile}`
  );
}
