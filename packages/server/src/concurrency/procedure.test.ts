import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS, EtcdError } from "@etcd-ts/proto";
import { type Operation, type Outcome, type Procedure, Running, result, type Turns } from "./procedure.ts";

class ManualTurns implements Turns {
  private readonly tasks: (() => void)[] = [];

  atTurnEnd(then: () => void): void {
    this.tasks.push(then);
  }

  run(): void {
    for (const task of this.tasks.splice(0)) task();
  }
}

/** An operation that the test ends by hand. */
class Question {
  settle: (outcome: Outcome<number>) => void = () => assert.fail("not begun");
  givenUp = false;

  readonly operation: Operation<number> = (settle) => {
    this.settle = settle;
    return () => {
      this.givenUp = true;
    };
  };
}

test("a procedure goes on with what it waited for, in a turn of its own", () => {
  const turns = new ManualTurns();
  const question = new Question();
  const ends: Outcome<number>[] = [];
  const doubled = function* (): Procedure<number> {
    return 2 * (yield* result(question.operation));
  };
  new Running(doubled(), turns, (outcome) => ends.push(outcome));
  question.settle({ ok: true, value: 21 });
  assert.deepEqual(ends, []);
  turns.run();
  assert.deepEqual(ends, [{ ok: true, value: 42 }]);
});

test("a refusal is thrown where it was waited for, and ends a procedure that does not catch it", () => {
  const turns = new ManualTurns();
  const question = new Question();
  const ends: Outcome<string>[] = [];
  const procedure = function* (catches: boolean): Procedure<string> {
    try {
      yield* result(question.operation);
    } catch (error) {
      if (catches && error instanceof EtcdError) return error.message;
      throw error;
    }
    return "answered";
  };
  for (const catches of [true, false]) {
    new Running(procedure(catches), turns, (outcome) => ends.push(outcome));
    question.settle({ ok: false, error: ERRORS.timeout });
    turns.run();
  }
  assert.deepEqual(ends, [
    { ok: true, value: ERRORS.timeout.message },
    { ok: false, error: { code: ERRORS.timeout.code, message: ERRORS.timeout.message } },
  ]);
});

test("who gives up runs the final blocks, is told nothing, and does not hear what comes too late", () => {
  for (const settlesFirst of [true, false]) {
    const turns = new ManualTurns();
    const question = new Question();
    const trace: string[] = [];
    const procedure = function* (): Procedure<void> {
      try {
        yield* result(question.operation);
        trace.push("went on");
      } finally {
        trace.push("left");
      }
    };
    const running = new Running(procedure(), turns, () => trace.push("ended"));
    if (settlesFirst) question.settle({ ok: true, value: 1 });
    running.cancel();
    if (!settlesFirst) question.settle({ ok: true, value: 1 });
    turns.run();
    running.cancel();
    assert.deepEqual(trace, ["left"]);
    assert.equal(question.givenUp, true);
  }
});
