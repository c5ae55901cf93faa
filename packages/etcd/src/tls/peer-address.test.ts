import assert from "node:assert/strict";
import { test } from "node:test";
import { addressObjection, type NameService } from "./peer-address.ts";

const NAMES: NameService = {
  async addressesOf(name) {
    if (name === "m1.example") return ["192.0.2.1", "2001:db8::1"];
    throw new Error("unknown");
  },
  async namesOf(address) {
    if (address === "192.0.2.1") return ["m1.cluster.example."];
    throw new Error("unknown");
  },
};

function objection(addresses: readonly string[], names: readonly string[], remote = "192.0.2.1") {
  return addressObjection({ addresses, names }, remote, NAMES);
}

test("an address, a name that resolves to it, and no name at all fit", async () => {
  for (const fitting of [
    [["192.0.2.1"], []],
    [["192.0.2.9"], ["m1.example"]],
    [[], ["elsewhere.example", "m1.example"]],
    [[], []],
  ] as const)
    assert.equal(await objection(fitting[0], fitting[1]), undefined);
  assert.equal(await objection([], ["m1.example"], "2001:db8::1"), undefined);
});

test("a wildcard fits the name that the address resolves to, for one label", async () => {
  assert.equal(await objection([], ["*.cluster.example"]), undefined);
  assert.match((await objection([], ["*.example"])) ?? "", /does not match/);
  assert.match((await objection([], ["*.cluster.example"], "192.0.2.2")) ?? "", /does not match/);
});

test("what does not fit is told in the words that alerts know", async () => {
  assert.equal(
    await objection(["192.0.2.9", "192.0.2.8"], []),
    "x509: certificate is valid for 192.0.2.9, 192.0.2.8, not 192.0.2.1",
  );
  assert.equal(
    await objection([], ["m1.example"], "192.0.2.7"),
    'tls: "192.0.2.7" does not match any of DNSNames ["m1.example"]',
  );
  assert.equal(
    await objection([], ["a.example", "*.b.example"]),
    'tls: "192.0.2.1" does not match any of DNSNames ["a.example" "*.b.example"] (lookup a.example: no such host)',
  );
});
