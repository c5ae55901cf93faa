import assert from "node:assert/strict";
import { test } from "node:test";
import { RaftRequestField } from "@etcd-ts/proto";
import type { Proposal } from "./proposal.ts";
import { type KnownVersions, VersionMonitor } from "./version-monitor.ts";

const NONE = { enabled: false, targetVersion: "" };

function cluster(version: string | undefined, target?: string): KnownVersions {
  return { version, downgrade: target === undefined ? NONE : { enabled: true, targetVersion: target } };
}

function only(proposals: readonly Proposal[]): { readonly field: number; readonly request: unknown } {
  assert.equal(proposals.length, 1);
  return proposals[0]!;
}

test("a cluster without a version gets ours, an older one is raised, ours is left alone", () => {
  for (const version of [undefined, "3.0.0", "3.5.0", "3.6.0"]) {
    const due = only(new VersionMonitor(5000).takeDue(0, cluster(version)));
    assert.equal(due.field, RaftRequestField.clusterVersionSet);
    assert.deepEqual(due.request, { ver: "3.7.0" });
  }
  assert.deepEqual(new VersionMonitor(5000).takeDue(0, cluster("3.7.0")), []);
});

test("a downgrade lowers the cluster version after a while, and nothing raises it meanwhile", () => {
  const monitor = new VersionMonitor(5000);
  assert.deepEqual(monitor.takeDue(1000, cluster("3.7.0", "3.6.0")), []);
  assert.deepEqual(monitor.takeDue(4999, cluster("3.7.0", "3.6.0")), []);
  const due = monitor.takeDue(5000, cluster("3.7.0", "3.6.0"));
  assert.deepEqual(only(due).request, { ver: "3.6.0" });
  assert.deepEqual(monitor.takeDue(5100, cluster("3.7.0", "3.6.0")), [], "one at a time");
  due[0]!.succeed({ size: 0, writeTo: (_target, position) => position });
  assert.deepEqual(monitor.takeDue(20_000, cluster("3.6.0", "3.6.0")), []);
  assert.deepEqual(only(monitor.takeDue(20_100, cluster("3.6.0"))).request, { ver: "3.7.0" }, "taken back");
});

test("a downgrade that is taken back in time changes nothing", () => {
  const monitor = new VersionMonitor(5000);
  assert.deepEqual(monitor.takeDue(0, cluster("3.7.0", "3.6.0")), []);
  assert.deepEqual(monitor.takeDue(3000, cluster("3.7.0")), []);
  assert.deepEqual(monitor.takeDue(4000, cluster("3.7.0", "3.6.0")), []);
  assert.deepEqual(monitor.takeDue(7900, cluster("3.7.0", "3.6.0")), [], "the wait begins anew");
});

test("a downgrade that has reached the version that runs is ended, unless that is switched off", () => {
  const due = only(new VersionMonitor(5000).takeDue(0, cluster("3.7.0", "3.7.0")));
  assert.equal(due.field, RaftRequestField.downgradeInfoSet);
  assert.deepEqual(due.request, { enabled: false, ver: "" });
  assert.deepEqual(new VersionMonitor(0).takeDue(0, cluster("3.7.0", "3.7.0")), []);
});
