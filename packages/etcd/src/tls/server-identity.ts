/**
 * The certificate with which a server shows itself, and the trust by which it knows clients. Certificate and key are looked at again
 * before every handshake, so that they can be replaced while the server runs; the trust is read once, as the original does.
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { TlsOptions } from "node:tls";
import { systemReason } from "../config/system-reason.ts";
import type { TlsSettings } from "../config/tls-settings.ts";
import type { ClientChecks } from "./client-checks.ts";

export interface IdentityFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Empty: clients are not asked for certificates, unless `clientCertAuth` says so. */
  readonly trustedCaFile: string;
  readonly clientCertAuth: boolean;
}

/** A listener that cannot be opened, in the original's words. */
export class ListenerError extends Error {}

export class ServerIdentity {
  readonly checks: ClientChecks;
  private readonly files: IdentityFiles;
  private readonly settings: TlsSettings;
  private readonly trust: Buffer | undefined;
  /** Of the files that were read last. */
  private stamp = "";

  /** Throws {@link ListenerError} when the files are no identity. */
  constructor(files: IdentityFiles, settings: TlsSettings, checks: Omit<ClientChecks, "required">) {
    this.files = files;
    this.settings = settings;
    const required = files.clientCertAuth || files.trustedCaFile !== "";
    this.checks = { ...checks, required };
    if ((files.certFile === "") !== (files.keyFile === "")) {
      const shown = `key: ${files.keyFile}, cert: ${files.certFile}`;
      throw new ListenerError(`KeyFile and CertFile must both be present[${shown}]`);
    }
    this.trust = files.trustedCaFile === "" ? undefined : read(files.trustedCaFile);
    this.changedOptions();
  }

  /** For a new listener. */
  options(): TlsOptions {
    this.stamp = "";
    const options = this.changedOptions();
    if (options === undefined) throw new ListenerError(`open ${this.files.certFile}: the file has changed`);
    return options;
  }

  /** Undefined: nothing has changed, or what is there now is no identity and the last one stays. */
  changedOptions(): TlsOptions | undefined {
    const { certFile, keyFile } = this.files;
    const stamp = `${stampOf(certFile)} ${stampOf(keyFile)}`;
    if (stamp === this.stamp) return undefined;
    const isFirst = this.stamp === "";
    try {
      const cert = read(certFile);
      const key = read(keyFile);
      assertPair(cert, key);
      this.stamp = stamp;
      return this.optionsOf(cert, key);
    } catch (error) {
      if (isFirst || !(error instanceof ListenerError)) throw error;
      this.stamp = stamp;
      return undefined;
    }
  }

  /** Clients are judged behind the handshake: so that a refusal can be logged. */
  private optionsOf(cert: Buffer, key: Buffer): TlsOptions {
    return {
      ...this.settings,
      cert,
      key,
      requestCert: this.checks.required,
      rejectUnauthorized: false,
      ...(this.trust === undefined ? {} : { ca: this.trust }),
    };
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "none" : `${stat.ino}-${stat.mtimeMs}-${stat.size}`;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ListenerError(`open ${path}: ${systemReason(error)}`);
  }
}

function assertPair(cert: Buffer, key: Buffer): void {
  if (!/-----BEGIN CERTIFICATE-----/.test(cert.toString("latin1")))
    throw new ListenerError("tls: failed to find any PEM data in certificate input");
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.toString("latin1")))
    throw new ListenerError("tls: failed to find any PEM data in key input");
  let isPair: boolean;
  try {
    isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new ListenerError("tls: failed to parse private key");
  }
  if (!isPair) throw new ListenerError("tls: private key does not match public key");
}
