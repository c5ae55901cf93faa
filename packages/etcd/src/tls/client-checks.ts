/**
 * What a server asks of a client's certificate once the handshake is done, and how refusals are told: in the words that alerts on the
 * original's logs match.
 */

import { readFileSync } from "node:fs";
import { checkServerIdentity, type PeerCertificate, type TLSSocket } from "node:tls";
import { DerError } from "./der.ts";
import { revokedSerials, serialText } from "./revocation-list.ts";

export interface ClientChecks {
  /** A certificate that descends from our trust must be presented. */
  readonly required: boolean;
  /** Empty: nothing is revoked. Read anew for every connection. */
  readonly crlFile: string;
  readonly allowedCommonNames: readonly string[];
  readonly allowedHostnames: readonly string[];
  /** A certificate that names addresses or hosts must name the one that it comes from. */
  readonly namesAddress: boolean;
}

/** Why the client is refused; undefined: it is not. */
export function clientObjection(socket: TLSSocket, checks: ClientChecks): string | undefined {
  const certificate = socket.getPeerCertificate();
  const isPresent = certificate?.raw !== undefined;
  if (checks.required && !isPresent) return "tls: client didn't provide a certificate";
  if (checks.required && !socket.authorized) {
    return `tls: failed to verify certificate: ${verificationText(String(socket.authorizationError))}`;
  }
  if (!isPresent) return undefined;
  const revoked = revocation(certificate, checks.crlFile);
  if (revoked !== undefined) return revoked;
  return isAllowed(certificate, checks) ? undefined : "client certificate authentication failed";
}

function verificationText(code: string): string {
  switch (code) {
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "x509: certificate has expired or is not yet valid";
    case "INVALID_PURPOSE":
      return "x509: certificate specifies an incompatible key usage";
    default:
      return "x509: certificate signed by unknown authority";
  }
}

function revocation(certificate: PeerCertificate, crlFile: string): string | undefined {
  if (crlFile === "") return undefined;
  const serial = serialText(certificate.serialNumber);
  try {
    return revokedSerials(readFileSync(crlFile)).has(serial)
      ? `transport: certificate serial ${serial} revoked`
      : undefined;
  } catch (error) {
    if (error instanceof DerError || (error as NodeJS.ErrnoException).code !== undefined)
      return `transport: ${(error as Error).message}`;
    throw error;
  }
}

function isAllowed(certificate: PeerCertificate, checks: ClientChecks): boolean {
  const { allowedCommonNames, allowedHostnames } = checks;
  const commonNames = [certificate.subject.CN ?? []].flat();
  if (allowedCommonNames.length > 0) return commonNames.some((name) => allowedCommonNames.includes(name));
  if (allowedHostnames.length === 0) return true;
  return allowedHostnames.some((host) => checkServerIdentity(host, certificate) === undefined);
}

/** The names of a certificate, for the log. */
export function alternativeNames(certificate: PeerCertificate): {
  readonly addresses: readonly string[];
  readonly names: readonly string[];
} {
  const parts = (certificate.subjectaltname ?? "").split(", ");
  const of = (prefix: string) =>
    parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  return { addresses: of("IP Address:"), names: of("DNS:") };
}

/** How a handshake failed, by OpenSSL's code. */
export function handshakeText(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
  const alert = /^ERR_SSL_(?:SSL|TLS)V\d+_ALERT_(.*)$/.exec(code)?.[1];
  if (alert !== undefined)
    return `remote error: tls: ${ALERTS[alert] ?? alert.toLowerCase().replaceAll("_", " ")}`;
  return HANDSHAKE_TEXTS[code] ?? error.message;
}

const ALERTS: Readonly<Record<string, string>> = {
  UNKNOWN_CA: "unknown certificate authority",
  CERTIFICATE_UNKNOWN: "unknown certificate",
  CERTIFICATE_EXPIRED: "expired certificate",
  CERTIFICATE_REVOKED: "revoked certificate",
  BAD_CERTIFICATE: "bad certificate",
  UNSUPPORTED_CERTIFICATE: "unsupported certificate",
  DECRYPT_ERROR: "error decrypting message",
  PROTOCOL_VERSION: "protocol version not supported",
};

const HANDSHAKE_TEXTS: Readonly<Record<string, string>> = {
  ECONNRESET: "EOF",
  ERR_SSL_NO_SHARED_CIPHER: "tls: no cipher suite supported by both client and server",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "tls: client offered only unsupported versions",
  ERR_SSL_NO_APPLICATION_PROTOCOL: "tls: client requested unsupported application protocols",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls: first record does not look like a TLS handshake",
  ERR_SSL_HTTP_REQUEST: "tls: first record does not look like a TLS handshake",
};
