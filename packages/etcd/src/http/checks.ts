/**
 * `/livez` and `/readyz`, whole or check by check (`http-endpoints.md` 4). All checks of a request run at the same time; their lines
 * stand in the order of their names.
 */

import type { Logger } from "@etcd-ts/base";
import { answerError, type Exchange, NO_SNIFF, onlyGet, PLAIN_TEXT, type RequestUrl } from "./exchange.ts";
import { type ProbedMember, probe } from "./health.ts";
import type { Routes } from "./routes.ts";

/** Tells `onEnd` once: undefined, or why it failed. */
type Check = (onEnd: (failure: string | undefined) => void) => void;

type Checks = ReadonlyMap<string, Check>;

export type CheckKind = "livez" | "readyz";

/** Results of one check since the start, and its last. */
export interface CheckCounters {
  readonly kind: CheckKind;
  readonly name: string;
  passes: boolean;
  success: number;
  error: number;
}

const ALARM_CORRUPT = 2;

export class CheckEndpoints {
  readonly counters: CheckCounters[] = [];
  private readonly log: Logger;
  private readonly kinds: ReadonlyMap<CheckKind, Checks>;

  constructor(probed: ProbedMember, log: Logger) {
    this.log = log;
    this.kinds = new Map([
      ["livez", new Map([["serializable_read", readCheck(probed, false)]])],
      [
        "readyz",
        new Map([
          ["data_corruption", corruptionCheck(probed)],
          ["linearizable_read", readCheck(probed, true)],
          ["non_learner", learnerCheck(probed)],
          ["serializable_read", readCheck(probed, false)],
        ]),
      ],
    ]);
  }

  addTo(routes: Routes): void {
    for (const [kind, checks] of this.kinds) {
      const all = (exchange: Exchange, url: RequestUrl) =>
        this.serve(kind, this.withoutExcluded(checks, url), exchange, url);
      routes.add(`/${kind}`, onlyGet(all));
      for (const [name, check] of checks) {
        const one = (exchange: Exchange, url: RequestUrl) =>
          this.serve(kind, new Map([[name, check]]), exchange, url);
        routes.add(`/${kind}/${name}`, onlyGet(one));
      }
    }
  }

  private withoutExcluded(checks: Checks, { query }: RequestUrl): Checks {
    const excluded = query.getAll("exclude").filter((name) => name !== "");
    const unknown = excluded.filter((name) => !checks.has(name));
    if (unknown.length > 0) {
      this.log.warn("http/checks.ts:67", "some health checks cannot be excluded", {
        "missing-health-checks": unknown.map((name) => JSON.stringify(name)).join(","),
      });
    }
    return new Map([...checks].filter(([name]) => !excluded.includes(name)));
  }

  private serve(kind: CheckKind, checks: Checks, exchange: Exchange, { query }: RequestUrl): void {
    const lines = new Map<string, string>();
    let failures: string[] = [];
    const finish = () => {
      const text = [...checks.keys()].map((name) => `${lines.get(name)}\n`).join("");
      if (failures.length > 0) return this.refuse(kind, exchange, text, failures);
      exchange.answer(200, [PLAIN_TEXT, NO_SNIFF], query.has("verbose") ? `${text}ok\n` : "ok\n");
    };
    let waiting = checks.size;
    if (waiting === 0) return finish();
    for (const [name, check] of checks) {
      check((failure) => {
        this.count(kind, name, failure === undefined);
        lines.set(name, failure === undefined ? `[+]${name} ok` : `[-]${name} failed: ${failure}`);
        if (failure !== undefined) failures = [...failures, name];
        if (--waiting === 0) finish();
      });
    }
  }

  private refuse(kind: CheckKind, exchange: Exchange, lines: string, failures: readonly string[]): void {
    this.log.error("http/checks.ts:95", "Health check error", {
      path: `/${kind}`,
      reason: lines,
      "failed-checks": failures.join(","),
      "status-code": 503,
    });
    answerError(exchange, 503, lines);
  }

  private count(kind: CheckKind, name: string, passes: boolean): void {
    let counters = this.counters.find((it) => it.kind === kind && it.name === name);
    if (counters === undefined) {
      counters = { kind, name, passes, success: 0, error: 0 };
      this.counters.push(counters);
    }
    counters.passes = passes;
    if (passes) counters.success++;
    else counters.error++;
  }
}

function readCheck(probed: ProbedMember, linearizable: boolean): Check {
  return (onEnd) => probe(probed, linearizable, (error) => onEnd(error?.message));
}

function corruptionCheck({ member }: ProbedMember): Check {
  return (onEnd) => onEnd(member.alarms.isActive(ALARM_CORRUPT) ? "alarm activated: CORRUPT" : undefined);
}

function learnerCheck({ member }: ProbedMember): Check {
  return (onEnd) => onEnd(member.isLearner ? "not supported for learner" : undefined);
}
