import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Deadline, DeadlineHeap } from "./deadline-heap.ts";

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("push" as const), atMs: fc.nat(20) }),
    fc.record({ kind: fc.constant("remove" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("pop" as const) }),
  ),
);

test("hands out what is left in order of time, whatever was put in and taken out", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const heap = new DeadlineHeap<number>();
      let places: Deadline<number>[] = [];
      sequence.forEach((step, item) => {
        if (step.kind === "push") places.push(heap.push(step.atMs, item));
        else if (step.kind === "remove" && places.length > 0) {
          const [place] = places.splice(step.which % places.length, 1);
          heap.remove(place!);
          assert.equal(place!.index, -1);
        } else if (step.kind === "pop") {
          const top = heap.pop();
          assert.equal(
            top?.atMs,
            places.length === 0 ? undefined : Math.min(...places.map(({ atMs }) => atMs)),
          );
          places = places.filter((place) => place !== top);
        }
        assert.equal(heap.size, places.length);
      });
      const order = places.map(({ atMs }) => atMs).sort((a, b) => a - b);
      assert.deepEqual(
        order.map(() => heap.pop()!.atMs),
        order,
      );
    }),
  );
});
