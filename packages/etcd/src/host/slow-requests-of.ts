/** The watch over slow requests, with a clock as fine as its limits need. */

import type { Logger } from "@etcd-ts/base";
import { isExactFor, SlowRequests } from "@etcd-ts/server";
import type { Config } from "../config/config.ts";
import { MILLISECOND } from "../flags/duration.ts";
import type { TurnClock } from "./turn-clock.ts";

export function slowRequestsOf(config: Config, log: Logger, clock: TurnClock): SlowRequests {
  const limits = {
    applyMs: config.warningApplyDuration / MILLISECOND,
    unaryMs: config.warningUnaryRequestDuration / MILLISECOND,
  };
  const nowMs = isExactFor(limits) ? () => performance.now() : () => clock.nowMs();
  return new SlowRequests(log, limits, nowMs, timeBefore);
}

/** In UTC, to the microsecond. */
function timeBefore(ms: number): string {
  const micros = Math.round((performance.timeOrigin + performance.now() - ms) * 1000);
  const head = new Date(micros / 1000).toISOString().slice(0, -"000Z".length);
  return `${head}${String(micros % 1_000_000).padStart(6, "0")}Z`;
}
