/**
 * Certificates that a member makes for itself (`--auto-tls`, `--peer-auto-tls`): ECDSA on P-521, of the organization `etcd`, for the
 * hosts that it listens on. They stay in the data directory, and are used again when they are there.
 */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import type { Logger } from "@etcd-ts/base";
import { bitString, context, element, integer, oid, sequence, Tag, time } from "./der.ts";

export interface CertificatePaths {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface SelfSignedOptions {
  readonly directory: string;
  /** Names and addresses, some with a port. */
  readonly hosts: readonly string[];
  readonly validityYears: number;
  /** Peers are clients of each other too. */
  readonly forPeers: boolean;
  readonly now: Date;
}

export function ensureSelfSigned(options: SelfSignedOptions, log: Logger): CertificatePaths {
  const directory = resolve(options.directory);
  const certFile = join(directory, "cert.pem");
  const keyFile = join(directory, "key.pem");
  if (existsSync(certFile) && existsSync(keyFile)) return { certFile, keyFile };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const notAfter = yearsLater(options.now, options.validityYears);
  log.warn("tls/self-signed.ts:35", "automatically generate certificates", {
    "certificate-validity-bound-not-after": notAfter.toISOString(),
  });
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-521" });
  const certificate = signedCertificate(options, notAfter, publicKey, privateKey);
  writeFileSync(certFile, pem("CERTIFICATE", certificate));
  log.info("tls/self-signed.ts:41", "created cert file", { path: certFile });
  writeFileSync(keyFile, privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
  log.info("tls/self-signed.ts:43", "created key file", { path: keyFile });
  return { certFile, keyFile };
}

function yearsLater(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

const ECDSA_WITH_SHA512 = sequence(oid("1.2.840.10045.4.3.4"));
const ORGANIZATION = sequence(
  element(Tag.SET, sequence(oid("2.5.4.10"), element(Tag.UTF8_STRING, Buffer.from("etcd")))),
);
const SERIAL_BYTES = 16;

function signedCertificate(
  options: SelfSignedOptions,
  notAfter: Date,
  publicKey: KeyObject,
  privateKey: KeyObject,
): Buffer {
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const content = sequence(
    context(0, integer(Buffer.of(2))),
    integer(randomBytes(SERIAL_BYTES)),
    ECDSA_WITH_SHA512,
    ORGANIZATION,
    sequence(time(options.now), time(notAfter)),
    ORGANIZATION,
    keyInfo,
    context(3, sequence(...extensions(options, keyInfo))),
  );
  return sequence(content, ECDSA_WITH_SHA512, bitString(sign("sha512", content, privateKey)));
}

const DIGITAL_SIGNATURE_KEY_ENCIPHERMENT_CRL_SIGN = Buffer.of(0b1010_0010);
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

function extensions(options: SelfSignedOptions, keyInfo: Buffer): Buffer[] {
  const usages = options.forPeers ? [CLIENT_AUTH, SERVER_AUTH] : [SERVER_AUTH];
  const keyId = createHash("sha1")
    .update(keyInfo.subarray(keyInfo.length - POINT_BYTES))
    .digest();
  return [
    extension("2.5.29.15", true, bitString(DIGITAL_SIGNATURE_KEY_ENCIPHERMENT_CRL_SIGN, 1)),
    extension("2.5.29.37", false, sequence(...usages.map(oid))),
    extension("2.5.29.19", true, sequence(element(Tag.BOOLEAN, Buffer.of(0xff)))),
    extension("2.5.29.14", false, element(Tag.OCTET_STRING, keyId)),
    extension("2.5.29.17", false, sequence(...alternativeNames(options.hosts))),
  ];
}

/** An uncompressed point of P-521. */
const POINT_BYTES = 133;

function extension(id: string, critical: boolean, content: Buffer): Buffer {
  const flag = critical ? [element(Tag.BOOLEAN, Buffer.of(0xff))] : [];
  return sequence(oid(id), ...flag, element(Tag.OCTET_STRING, content));
}

const DNS_NAME = 2;
const IP_ADDRESS = 7;

function alternativeNames(hosts: readonly string[]): Buffer[] {
  const names = new Set(hosts.map(withoutPort));
  return [...names].map((name) =>
    isIPv4(name) || isIPv6(name)
      ? context(IP_ADDRESS, addressBytes(name), false)
      : context(DNS_NAME, Buffer.from(name), false),
  );
}

function withoutPort(host: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):\d*$/.exec(host);
  return match === null ? host : (match[1] ?? match[2] ?? host);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...new Array<string>(zeros).fill("0"), ...back];
  const bytes = Buffer.alloc(16);
  for (const [i, group] of groups.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  return bytes;
}

export function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
