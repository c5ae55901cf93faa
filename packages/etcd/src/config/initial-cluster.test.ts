import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrls, type Url } from "../flags/url.ts";
import {
  type InitialCluster,
  initialClusterObjection,
  parseInitialCluster,
  showInitialCluster,
} from "./initial-cluster.ts";

function cluster(text: string): InitialCluster {
  const parsed = parseInitialCluster(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function urls(list: string): readonly Url[] {
  const parsed = parseUrls(list);
  assert.ok(parsed.ok);
  return parsed.value;
}

test("a name may repeat for several addresses", () => {
  assert.equal(
    showInitialCluster(cluster("b=http://b:1,a=http://a:2,a=http://a:1")),
    "a=http://a:1,a=http://a:2,b=http://b:1",
  );
});

test("an address that is none is refused", () => {
  const reason = "error setting up initial cluster: URL scheme must be http, https, unix, or unixs: ";
  for (const text of ["m1=", "http://a:1"])
    assert.deepEqual(parseInitialCluster(text), { ok: false, reason });
});

test("a member must be in it with what it advertises", () => {
  const table: ReadonlyArray<readonly [string, string, string | undefined]> = [
    ["m1=http://a:1,m2=http://b:1", "http://a:1", undefined],
    ["m2=http://a:1", "http://a:1", `couldn't find local name "m1" in the initial cluster configuration`],
    ["", "http://a:1", `couldn't find local name "m1" in the initial cluster configuration`],
    [
      "m1=http://a:1,m2=http://a:1",
      "http://a:1",
      "initial cluster m1=http://a:1,m2=http://a:1 has duplicate url",
    ],
    [
      "m1=http://b:1",
      "http://a:1",
      '--initial-cluster has m1=http://b:1 but missing from --initial-advertise-peer-urls=http://a:1 (resolved urls: "http://a:1" != "http://b:1")',
    ],
    [
      "m1=http://a:1,m1=http://b:1",
      "http://b:1",
      '--initial-cluster has m1=http://a:1 but missing from --initial-advertise-peer-urls=http://b:1 (len(["http://b:1"]) != len(["http://a:1" "http://b:1"]))',
    ],
    [
      "m1=http://a:1",
      "http://a:1,http://b:1",
      "--initial-advertise-peer-urls has http://b:1 but missing from --initial-cluster=m1=http://a:1",
    ],
  ];
  for (const [text, advertised, expected] of table) {
    assert.equal(initialClusterObjection(cluster(text), "m1", urls(advertised)), expected);
  }
});
