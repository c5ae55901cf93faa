import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SILENT_LOGGER } from "@etcd-ts/base";
import { handshakeText } from "./client-checks.ts";
import { element, integer, sequence, Tag, time } from "./der.ts";
import { revokedSerials, serialText } from "./revocation-list.ts";
import { ensureSelfSigned, pem } from "./self-signed.ts";
import { ListenerError, ServerIdentity } from "./server-identity.ts";

const folder = mkdtempSync(join(tmpdir(), "etcd-ts-tls-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function make(name: string, hosts: readonly string[] = ["127.0.0.1:2379"], forPeers = false) {
  const options = { directory: join(folder, name), hosts, validityYears: 2, forPeers, now: new Date() };
  return ensureSelfSigned(options, SILENT_LOGGER);
}

const CHECKS = { crlFile: "", allowedCommonNames: [], allowedHostnames: [], namesAddress: false };

function identity(files: { certFile: string; keyFile: string }): ServerIdentity {
  return new ServerIdentity({ ...files, trustedCaFile: "", clientCertAuth: false }, {}, CHECKS);
}

test("a certificate of one's own: for its hosts, signed by itself, with its key", () => {
  const { certFile, keyFile } = make("own", [
    "127.0.0.1:1",
    "[2001:db8::1]:2",
    "host.example:3",
    "127.0.0.1:4",
  ]);
  const certificate = new X509Certificate(readFileSync(certFile));
  assert.equal(certificate.subject, "O=etcd");
  assert.ok(certificate.verify(certificate.publicKey));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))));
  assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(certificate.checkIP("2001:db8::1"), "2001:db8::1");
  assert.equal(certificate.checkHost("host.example"), "host.example");
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  const years = new Date(certificate.validTo).getFullYear() - new Date(certificate.validFrom).getFullYear();
  assert.equal(years, 2);
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
});

test("it is kept; peers are clients too", () => {
  const first = make("kept");
  const bytes = readFileSync(first.certFile);
  assert.deepEqual(readFileSync(make("kept").certFile), bytes);
  const peer = new X509Certificate(readFileSync(make("peers", ["a:1"], true).certFile));
  assert.deepEqual(peer.keyUsage, ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"]);
});

test("files that change are read again, and nonsense leaves the last identity standing", () => {
  const files = make("changing");
  const other = make("other");
  const server = identity(files);
  assert.ok(server.options().cert);
  assert.equal(server.changedOptions(), undefined);
  writeFileSync(files.certFile, readFileSync(other.certFile));
  writeFileSync(files.keyFile, readFileSync(other.keyFile));
  assert.deepEqual(server.changedOptions()?.cert, readFileSync(other.certFile));
  writeFileSync(files.certFile, "nonsense");
  utimesSync(files.certFile, new Date(0), new Date(0));
  assert.equal(server.changedOptions(), undefined);
});

test("files that are no identity are told in the original's words", () => {
  const { certFile, keyFile } = make("whole");
  const nonsense = join(folder, "nonsense");
  writeFileSync(nonsense, "no PEM");
  const cases: [string, string, RegExp][] = [
    [certFile, "", /^KeyFile and CertFile must both be present\[key: , cert: .*cert.pem\]$/],
    [join(folder, "missing"), keyFile, /^open .*missing: no such file or directory$/],
    [nonsense, keyFile, /^tls: failed to find any PEM data in certificate input$/],
    [certFile, nonsense, /^tls: failed to find any PEM data in key input$/],
    [certFile, make("stranger").keyFile, /^tls: private key does not match public key$/],
  ];
  for (const [cert, key, message] of cases) {
    assert.throws(
      () => identity({ certFile: cert, keyFile: key }),
      (error) => error instanceof ListenerError && message.test(error.message),
    );
  }
});

function revocationList(serials: readonly string[]): Buffer {
  const now = time(new Date(0));
  const revoked = serials.map((serial) => sequence(integer(Buffer.from(serial, "hex")), now));
  const content = sequence(
    integer(Buffer.of(1)),
    sequence(),
    sequence(),
    now,
    now,
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    element(0xa0, sequence()),
  );
  return sequence(content, sequence(), element(Tag.BIT_STRING, Buffer.of(0)));
}

test("revoked serials, from DER and PEM", () => {
  const list = revocationList(["0a", "ff00112233445566778899"]);
  const expected = new Set(["a", "ff00112233445566778899"]);
  assert.deepEqual(revokedSerials(list), expected);
  assert.deepEqual(revokedSerials(Buffer.from(pem("X509 CRL", list))), expected);
  assert.deepEqual(revokedSerials(revocationList([])), new Set());
  assert.equal(serialText("00FF0A"), "ff0a");
});

test("a list that is none, or cut off anywhere, is an error and no crash", () => {
  const list = revocationList(["0a"]);
  for (let end = 0; end < list.length; end++) assert.throws(() => revokedSerials(list.subarray(0, end)));
  assert.throws(() => revokedSerials(Buffer.from("nonsense")));
});

test("failed handshakes in the words that alerts match", () => {
  const text = (code: string) => handshakeText(Object.assign(new Error("raw"), { code }));
  assert.equal(text("ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE"), "remote error: tls: bad certificate");
  assert.equal(text("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"), "remote error: tls: unknown certificate authority");
  assert.equal(text("ECONNRESET"), "EOF");
  assert.equal(text("ERR_SOMETHING"), "raw");
});
