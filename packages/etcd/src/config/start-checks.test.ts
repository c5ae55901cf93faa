import assert from "node:assert/strict";
import { test } from "node:test";
import { FlagSet, parseArguments } from "../flags/flag-set.ts";
import { reusePortReason, type StartObjection, startObjection } from "./start-checks.ts";
import { tlsSettings } from "./tls-settings.ts";

const MEMBER = ["--name=m1", "--initial-cluster=m1=http://a:1", "--initial-advertise-peer-urls=http://a:1"];

function settings(...args: string[]) {
  const flags = new FlagSet();
  assert.equal(parseArguments(flags, [...MEMBER, ...args]).kind, "positional");
  return flags.settings;
}

test("a start that nothing stands against", () => {
  assert.equal(startObjection(settings(), true), undefined);
});

test("what stands against a start is told at its stage", () => {
  const table: ReadonlyArray<readonly [string, StartObjection["stage"], string]> = [
    ["--cipher-suites=NOTHING", "start", 'unexpected TLS cipher suite "NOTHING"'],
    [
      "--listen-peer-urls=https://127.0.0.1:1",
      "peer listener",
      "cannot listen on TLS for 127.0.0.1:1: KeyFile and CertFile are not presented",
    ],
    [
      "--listen-client-urls=https://127.0.0.1:1",
      "start",
      "TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:1 with HTTPS scheme",
    ],
    [
      "--listen-client-http-urls=http://localhost:2379",
      "start",
      "cannot bind both --listen-client-urls and --listen-client-http-urls on the same url http://localhost:2379",
    ],
    [
      "--auto-compaction-retention=x",
      "start",
      'error parsing CompactionRetention: time: invalid duration "x"',
    ],
    [
      "--initial-cluster=m1=",
      "start",
      "error setting up initial cluster: URL scheme must be http, https, unix, or unixs: ",
    ],
    ["--name=m2", "bootstrap", `couldn't find local name "m2" in the initial cluster configuration`],
    [
      "--listen-metrics-urls=https://127.0.0.1:1",
      "start",
      "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url",
    ],
  ];
  for (const [arg, stage, reason] of table)
    assert.deepEqual(startObjection(settings(arg), true), { stage, reason });
});

test("the first cluster counts for a new member only", () => {
  assert.equal(startObjection(settings("--name=m2"), false), undefined);
});

test("versions and suites get their names in OpenSSL", () => {
  assert.deepEqual(tlsSettings(settings()), {
    ok: true,
    value: { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
  });
  const chosen = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
  ];
  assert.deepEqual(tlsSettings(settings(`--cipher-suites=${chosen.join(",")}`, "--tls-max-version=TLS1.2")), {
    ok: true,
    value: {
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
      ciphers: "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA",
    },
  });
});

test("a run-time that cannot share ports says so", () => {
  const wished = settings("--socket-reuse-port");
  for (const able of ["22.12.0", "22.20.1", "23.1.0", "24.0.0", "26.10.0"])
    assert.equal(reusePortReason(wished, able), undefined);
  for (const unable of ["20.19.0", "22.11.0", "23.0.0"])
    assert.equal(
      reusePortReason(wished, unable),
      `--socket-reuse-port needs Node 22.12 or newer: this is ${unable}`,
    );
  assert.equal(reusePortReason(settings(), "20.19.0"), undefined);
});
