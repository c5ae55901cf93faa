import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncodeInto, GrpcServer, StreamCall, StreamHandler, StreamListener } from "@etcd-ts/grpc";
import { decodeLeaseKeepAliveResponse, encodeLeaseKeepAliveRequest } from "@etcd-ts/proto";
import type { RenewOutcome } from "../lease/lessor.ts";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import { serveLease } from "./lease-service.ts";
import type { ServedMember } from "./served-member.ts";

/** A keep-alive stream, its client, and a lessor that answers as it is told. */
class Bench {
  readonly answers: string[] = [];
  readonly outcomes = new Map<bigint, RenewOutcome>();
  ended: number | undefined;
  paused = false;
  takes = true;
  private turns: (() => void)[] = [];
  private readonly removals: ((gone: boolean) => void)[] = [];
  private readonly listener: StreamListener;

  constructor() {
    const handlers: StreamHandler[] = [];
    const server = {
      addUnary() {},
      addStream: (_path: string, handler: StreamHandler) => handlers.push(handler),
    };
    const member = {
      isLearner: false,
      hasLeader: true,
      nowMs: 0,
      metrics: new ServerMetrics(),
      store: { currentRevision: 3, headerSize: () => 0, writeHeader: (_: Uint8Array, at: number) => at },
      lessor: {
        renew: (id: bigint) => this.outcomes.get(id) ?? "not-found",
        whenRemoved: (_: bigint, then: (gone: boolean) => void) => this.removals.push(then),
      },
      atTurnEnd: (then: () => void) => this.turns.push(then),
    };
    serveLease(server as unknown as GrpcServer, member as unknown as ServedMember);
    this.listener = handlers[0]!(this.call() as unknown as StreamCall);
  }

  ask(...ids: bigint[]): void {
    for (const id of ids) this.listener.onMessage(Buffer.from(encodeLeaseKeepAliveRequest({ id })));
  }

  halfClose(): void {
    this.listener.onHalfClose();
  }

  drain(): void {
    this.listener.onDrain();
  }

  turn(): void {
    const due = this.turns;
    this.turns = [];
    for (const then of due) then();
  }

  /** What expired has been revoked, or this member leads no more. */
  remove(gone: boolean): void {
    for (const then of this.removals.splice(0)) then(gone);
  }

  private call() {
    return {
      metadata: { get: () => undefined, memo: undefined },
      finished: false,
      sendInto: <T>(size: number, encode: EncodeInto<T>, message: T): boolean => {
        const bytes = Buffer.alloc(size);
        assert.equal(encode(message, bytes, 0), size);
        const { id, ttl } = decodeLeaseKeepAliveResponse(bytes);
        this.answers.push(`${id} ${ttl}`);
        return this.takes;
      },
      end: (code = 0) => {
        this.ended = code;
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    };
  }
}

test("each request has its answer, in order, at the end of the turn", () => {
  const bench = new Bench();
  bench.outcomes.set(7n, 30).set(8n, 60);
  bench.ask(7n, 9n, 8n);
  assert.deepEqual(bench.answers, []);
  bench.turn();
  assert.deepEqual(bench.answers, ["7 30", "9 0", "8 60"]);
});

test("one that has expired is answered when it is gone, and those behind it wait", () => {
  const bench = new Bench();
  bench.outcomes.set(7n, "expired").set(8n, 60);
  bench.ask(7n, 8n);
  bench.turn();
  assert.deepEqual(bench.answers, []);
  bench.outcomes.delete(7n);
  bench.remove(true);
  bench.turn();
  assert.deepEqual(bench.answers, ["7 0", "8 60"]);
});

test("the stream ends when this member does not lead, at once or while a request waits", () => {
  const deposed = new Bench();
  deposed.outcomes.set(7n, "not-primary");
  deposed.ask(7n);
  deposed.turn();
  assert.ok(deposed.ended !== undefined && deposed.ended > 0);
  const waiting = new Bench();
  waiting.outcomes.set(7n, "expired");
  waiting.ask(7n);
  waiting.turn();
  waiting.remove(false);
  assert.ok(waiting.ended !== undefined && waiting.ended > 0);
});

test("a half-close ends it behind the last answer", () => {
  const bench = new Bench();
  bench.outcomes.set(7n, 30);
  bench.ask(7n);
  bench.halfClose();
  assert.equal(bench.ended, undefined);
  bench.turn();
  assert.deepEqual([bench.answers, bench.ended], [["7 30"], 0]);
});

test("a client that does not read its answers is not read", () => {
  const bench = new Bench();
  bench.outcomes.set(7n, 30);
  bench.takes = false;
  bench.ask(7n);
  bench.turn();
  assert.equal(bench.paused, true);
  bench.takes = true;
  bench.drain();
  assert.equal(bench.paused, false);
});
