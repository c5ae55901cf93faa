import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { GEN_DIRECTORY, generate } from "./generate.ts";
import { propertyName } from "./naming.ts";

test("src/gen is what the generator writes from the .proto files", () => {
  const modules = generate();
  assert.deepEqual(readdirSync(GEN_DIRECTORY).sort(), [...modules.keys()].sort());
  for (const [file, text] of modules) {
    const committed = readFileSync(new URL(file, GEN_DIRECTORY), "utf8");
    assert.ok(committed === text, `${file} is stale: npm run generate -w @etcd-ts/proto`);
  }
});

test("declared names become camel case, initials included", () => {
  const names = {
    range_end: "rangeEnd",
    ID: "id",
    TTL: "ttl",
    member_ID: "memberId",
    memberID: "memberId",
    peerURLs: "peerUrls",
    clientURLs: "clientUrls",
    grantedTTL: "grantedTtl",
    remaining_TTL: "remainingTtl",
    RemainingTTL: "remainingTtl",
    raftAppliedIndex: "raftAppliedIndex",
    NodeID: "nodeId",
    LeaseTimeToLiveRequest: "leaseTimeToLiveRequest",
  };
  for (const [declared, property] of Object.entries(names)) assert.equal(propertyName(declared), property);
});
