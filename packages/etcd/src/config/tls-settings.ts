/**
 * Versions and cipher suites of TLS as flags name them (Go's names) and as Node takes them (OpenSSL's). Suites of TLS 1.3 are not for
 * choosing, as in the original.
 */
import type { TlsOptions } from "node:tls";
import { bad, good, type Outcome } from "../flags/outcome.ts";
import type { Config } from "./config.ts";

const VERSIONS = { "TLS1.2": "TLSv1.2", "TLS1.3": "TLSv1.3" } as const;

const SUITES: Readonly<Record<string, string>> = {
  TLS_RSA_WITH_AES_128_CBC_SHA: "AES128-SHA",
  TLS_RSA_WITH_AES_256_CBC_SHA: "AES256-SHA",
  TLS_RSA_WITH_AES_128_CBC_SHA256: "AES128-SHA256",
  TLS_RSA_WITH_AES_128_GCM_SHA256: "AES128-GCM-SHA256",
  TLS_RSA_WITH_AES_256_GCM_SHA384: "AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: "ECDHE-ECDSA-AES128-SHA",
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: "ECDHE-ECDSA-AES256-SHA",
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: "ECDHE-ECDSA-AES128-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: "ECDHE-RSA-AES128-SHA",
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: "ECDHE-RSA-AES256-SHA",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: "ECDHE-RSA-AES128-SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305: "ECDHE-RSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
};

/** Accepted and without effect: TLS 1.3 offers all of its own. */
const SUITES_OF_1_3 = new Set([
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
]);

export type TlsSettings = Pick<TlsOptions, "minVersion" | "maxVersion" | "ciphers">;

export function tlsSettings({ tlsMinVersion, tlsMaxVersion, cipherSuites }: Config): Outcome<TlsSettings> {
  const stranger = cipherSuites.find((name) => !(name in SUITES) && !SUITES_OF_1_3.has(name));
  if (stranger !== undefined) return bad(`unexpected TLS cipher suite ${JSON.stringify(stranger)}`);
  const ciphers = cipherSuites.flatMap((name) => SUITES[name] ?? []);
  return good({
    minVersion: tlsMinVersion === "TLS1.3" ? VERSIONS["TLS1.3"] : VERSIONS["TLS1.2"],
    maxVersion: tlsMaxVersion === "TLS1.2" ? VERSIONS["TLS1.2"] : VERSIONS["TLS1.3"],
    ...(ciphers.length > 0 ? { ciphers: ciphers.join(":") } : {}),
  });
}
