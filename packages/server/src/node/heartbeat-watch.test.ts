import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogFields, Logger } from "@etcd-ts/base";
import { MemberLines } from "../log/member-lines.ts";
import { HeartbeatWatch } from "./heartbeat-watch.ts";

test("a heartbeat that leaves late is told in the original's words, and only then", () => {
  const told: unknown[] = [];
  const warn = (_caller: string, message: string, fields?: LogFields) => told.push({ message, ...fields });
  const log = { warn, named: () => log } as unknown as Logger;
  const lines = new MemberLines(log, 1n, 2n);
  const watch = new HeartbeatWatch(100, (to, exceededMs) => lines.heartbeatLate(to, 100, exceededMs));
  for (const nowMs of [0, 100, 300, 550]) watch.onSent(0xan, nowMs);
  watch.onSent(0xbn, 2000);
  watch.reset();
  watch.onSent(0xan, 9000);
  assert.deepEqual(told, [
    {
      message:
        "leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk",
      to: "a",
      "heartbeat-interval": "100ms",
      "expected-duration": "200ms",
      "exceeded-duration": "50ms",
    },
  ]);
});
