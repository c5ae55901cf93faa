/** Every family of durations is truly observed: a workload that touches all of a member that is alone, then a look at the counts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { Member } from "./member.ts";
import { SERVER_METRIC_FAMILIES } from "./metric-families.ts";
import { ours } from "./programs.ts";

/** Histograms of what only members of a cluster do. */
const OF_CLUSTERS = [
  "etcd_snap_db_fsync_duration_seconds",
  "etcd_snap_db_save_total_duration_seconds",
  "etcd_network_peer_round_trip_time_seconds",
  "etcd_network_snapshot_send_total_duration_seconds",
  "etcd_network_snapshot_receive_total_duration_seconds",
];

async function post(member: Member, path: string, body: object = {}): Promise<string> {
  const url = `${member.clientUrl}${path}?encoding=utf8`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${text}`);
  return text;
}

/** A watch that has seen its first event, and a progress notification. */
async function watchOnce(member: Member): Promise<void> {
  const socket = new WebSocket(`${member.clientUrl.replace("http", "ws")}/v3/watch?encoding=utf8`);
  const lines: string[] = [];
  let wake = () => {};
  socket.addEventListener("message", ({ data }) => {
    lines.push(String(data));
    wake();
  });
  const until = async (part: string): Promise<void> => {
    while (!lines.some((line) => line.includes(part)))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  socket.send('{"create_request":{"key":"k"}}');
  await until('"created":true');
  await post(member, "/v3/kv/put", { key: "k", value: "watched" });
  await until('"events"');
  socket.send('{"progress_request":{}}');
  await until('"watch_id":"-1"');
  socket.close();
}

function countsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, name = "", value] of text.matchAll(/^(\w+)_count(?:\{[^}]*\})? (\S+)$/gm))
    counts.set(name, (counts.get(name) ?? 0) + Number(value));
  return counts;
}

test("every histogram of a member alone has observations", async () => {
  const flags = ["--metrics=extensive", "--snapshot-count=10", "--watch-progress-notify-interval=100ms"];
  const member = await Member.create({ program: ours("etcd"), flags });
  try {
    await member.start();
    await post(member, "/v3/lease/grant", { ID: "7", TTL: "600" });
    for (let i = 0; i < 30; i++) await post(member, "/v3/kv/put", { key: "k", value: String(i), lease: "7" });
    await post(member, "/v3/kv/range", { key: "k" });
    await watchOnce(member);
    await post(member, "/v3/kv/compaction", { revision: "20", physical: true });
    await post(member, "/v3/maintenance/hash");
    await post(member, "/v3/maintenance/hashkv");
    await post(member, "/v3/maintenance/snapshot");
    await post(member, "/v3/maintenance/defragment");
    await member.logged("saved snapshot to disk");
    const text = await (await fetch(`${member.clientUrl}/metrics`)).text();
    const counts = countsOf(text);
    const histograms = SERVER_METRIC_FAMILIES.flatMap(({ family }) => {
      const [name = "", type] = family.split(" ");
      return type === "histogram" && !OF_CLUSTERS.includes(name) ? [name] : [];
    });
    const unseen = histograms.filter((name) => !((counts.get(name) ?? 0) > 0));
    assert.deepEqual(unseen, []);
    assert.ok(histograms.length >= 25, String(histograms.length));
    assert.match(text, /^etcd_disk_wal_write_bytes_total [1-9]/m);
  } finally {
    await member.dispose();
  }
});
