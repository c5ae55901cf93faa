/** `/health`: one answer for load balancers (`http-endpoints.md` 3). The first check that fails decides. */

import type { Logger } from "@etcd-ts/base";
import type { Status } from "@etcd-ts/proto";
import { ProbeRead, type ServedMember } from "@etcd-ts/server";
import { answerError, type Exchange, PLAIN_TEXT, type RequestUrl } from "./exchange.ts";

/** Answers since the start. */
export interface HealthCounters {
  success: number;
  failures: number;
}

export interface ProbedMember {
  readonly member: ServedMember;
  /** A read was begun outside of the engine's turn. */
  expectTurnEnd(): void;
}

const ALARM_NONE = 0;
const ALARM_NAMES: Readonly<Record<number, string>> = { 1: "NOSPACE", 2: "CORRUPT" };

export class HealthEndpoint {
  private readonly probed: ProbedMember;
  private readonly counters: HealthCounters;
  private readonly log: Logger;

  constructor(probed: ProbedMember, counters: HealthCounters, log: Logger) {
    this.probed = probed;
    this.counters = counters;
    this.log = log;
  }

  serve(exchange: Exchange, { query }: RequestUrl): void {
    const { member } = this.probed;
    const serializable = query.get("serializable") === "true";
    const alarm = activeAlarm(member, query.getAll("exclude"));
    if (alarm !== undefined) {
      const text = `memberID:${alarm.memberId} alarm:${alarm.name}`;
      this.log.warn("http/health.ts:40", "serving /health false due to an alarm", { alarm: text });
      return this.fail(exchange, `ALARM ${alarm.name}`);
    }
    if (!serializable && !member.hasLeader) {
      this.log.warn("http/health.ts:44", "serving /health false; no leader");
      return this.fail(exchange, "RAFT NO LEADER");
    }
    probe(this.probed, !serializable, (error) => {
      if (error === undefined) this.succeed(exchange);
      else {
        this.log.warn("http/health.ts:50", "serving /health false; Range fails", { error: error.message });
        this.fail(exchange, `RANGE ERROR:${error.message}`);
      }
    });
  }

  private succeed(exchange: Exchange): void {
    this.counters.success++;
    this.log.debug("http/health.ts:58", "/health OK", { "status-code": 200 });
    exchange.answer(200, [PLAIN_TEXT], '{"health":"true","reason":""}');
  }

  private fail(exchange: Exchange, reason: string): void {
    this.counters.failures++;
    const output = JSON.stringify({ health: "false", reason });
    this.log.warn("http/health.ts:65", "/health error", { output, "status-code": 503 });
    answerError(exchange, 503, output);
  }
}

export function probe(
  probed: ProbedMember,
  linearizable: boolean,
  onEnd: (error: Status | undefined) => void,
): void {
  probed.member.read(new ProbeRead(probed.member, linearizable, onEnd));
  probed.expectTurnEnd();
}

interface ActiveAlarm {
  readonly memberId: bigint;
  readonly name: string;
}

function activeAlarm(member: ServedMember, excluded: readonly string[]): ActiveAlarm | undefined {
  for (const { memberId, alarm } of member.alarms.list(ALARM_NONE)) {
    const name = ALARM_NAMES[alarm] ?? "UNKNOWN";
    if (!excluded.includes(name)) return { memberId, name };
  }
  return undefined;
}
