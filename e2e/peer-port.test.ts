/** The port for other members, on a member that has none: what it tells, whom it turns away, and whom TLS does not let in. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

test("versions, membership, a hash, a lease and a downgrade are told", async () => {
  const member = await Member.create({ program: ours("etcd") });
  try {
    await member.start();
    const ask = (path: string, init: RequestInit = {}) => fetch(member.peerUrl + path, init);
    assert.deepEqual(await (await ask("/version")).json(), {
      etcdserver: "3.7.1",
      etcdcluster: "3.7.0",
      storage: "3.7.0",
    });
    const members = await ask("/members");
    assert.match(members.headers.get("x-etcd-cluster-id") ?? "", /^[\da-f]{1,16}$/);
    assert.match(
      await members.text(),
      new RegExp(
        `^\\[\\{"id":\\d+,"peerURLs":\\["${member.peerUrl}"\\],"name":"m1","clientURLs":\\[".*"\\]\\}\\]\n$`,
      ),
    );
    assert.equal(await (await ask("/downgrade/enabled")).text(), "false");
    const probe = (await (await ask("/raft/probing")).json()) as { OK: boolean; Now: string };
    assert.ok(probe.OK && Math.abs(Date.parse(probe.Now) - Date.now()) < 60_000);
  } finally {
    await member.dispose();
  }
});

test("a lease is renewed for another member, and its keys are told", async () => {
  const member = await Member.create({ program: ours("etcd") });
  try {
    await member.start();
    const client = (path: string, body: object) =>
      fetch(`${member.clientUrl}${path}?encoding=utf8`, { method: "POST", body: JSON.stringify(body) });
    await client("/v3/lease/grant", { ID: 7, TTL: 600 });
    await client("/v3/kv/put", { key: "k", value: "v", lease: 7 });
    const ask = async (path: string, bytes: readonly number[]) => {
      const response = await fetch(member.peerUrl + path, { method: "POST", body: new Uint8Array(bytes) });
      return {
        type: response.headers.get("content-type"),
        bytes: [...Buffer.from(await response.arrayBuffer())],
      };
    };
    // LeaseKeepAliveResponse: ID 7, TTL 600.
    assert.deepEqual(await ask("/leases", [8, 7]), {
      type: "application/protobuf",
      bytes: [0x10, 7, 0x18, 0xd8, 0x04],
    });
    // LeaseInternalResponse with ID 7, a TTL just below, the granted one, and the key.
    const { bytes } = await ask("/leases/internal", [0x0a, 4, 8, 7, 0x10, 1]);
    assert.deepEqual(bytes.slice(2, 6), [0x0a, 0, 0x10, 7]);
    assert.deepEqual(bytes.slice(-6), [0x20, 0xd8, 0x04, 0x2a, 1, 0x6b]);
  } finally {
    await member.dispose();
  }
});

/** A certificate that is its own authority; its names are those of an address or a host. */
function makeCertificate(dir: string, name: string, alternative: string): { cert: string; key: string } {
  const [cert, key] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${alternative}`, "-days", "2"];
  execFileSync("openssl", [...words, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key };
}

function versionOver(
  url: string,
  ca: string,
  client?: { cert: string; key: string },
): Promise<number | string> {
  return new Promise((resolve) => {
    const files = client && { cert: readFileSync(client.cert), key: readFileSync(client.key) };
    request(`${url}/version`, { ca: readFileSync(ca), agent: false, ...files })
      .on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on("error", () => resolve("refused"))
      .end();
  });
}

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("peers must show a certificate that is trusted and names where they come from", {
  skip: !hasOpenssl() && "there is no openssl",
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  const own = makeCertificate(dir, "own", "IP:127.0.0.1");
  const elsewhere = makeCertificate(dir, "elsewhere", "IP:192.0.2.1");
  const stranger = makeCertificate(dir, "stranger", "IP:127.0.0.1");
  const trusted = join(dir, "trusted.pem");
  writeFileSync(trusted, readFileSync(own.cert, "utf8") + readFileSync(elsewhere.cert, "utf8"));
  const flags = [
    `--peer-cert-file=${own.cert}`,
    `--peer-key-file=${own.key}`,
    `--peer-trusted-ca-file=${trusted}`,
    "--peer-client-cert-auth",
  ];
  const member = await Member.create({ program: ours("etcd"), flags, peerScheme: "https" });
  try {
    await member.start();
    const ask = (client?: { cert: string; key: string }) => versionOver(member.peerUrl, own.cert, client);
    assert.equal(await ask(own), 200);
    assert.equal(await ask(), "refused");
    assert.equal(await ask(stranger), "refused");
    assert.equal(await ask(elsewhere), "refused");
    for (const reason of [
      "tls: client didn't provide a certificate",
      "x509: certificate signed by unknown authority",
      "x509: certificate is valid for 192.0.2.1, not 127.0.0.1",
    ])
      await member.logged(reason);
    assert.match(member.log, /"rejected connection on peer endpoint"/);
    const client = new KvClient(member.clientUrl);
    assert.equal(await client.put("clients", "are served"), 2);
    client.close();
  } finally {
    await member.dispose();
    rmSync(dir, { recursive: true });
  }
});
