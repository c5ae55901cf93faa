/**
 * Work of several steps, each of which waits for the member, written in one piece: a generator that yields what it waits for and
 * is resumed with what came of it. A refusal arrives as an {@link EtcdError} thrown at the `yield`, so that a procedure reads as
 * if it ran on the client's side.
 *
 * Invariants: a procedure is resumed in a turn of its own, never from within the apply of an entry or the delivery of an event; it
 * ends once; after {@link Running.cancel} nothing is told any more and its `finally` blocks have run. Those may begin something
 * but not wait for it.
 */

import { EtcdError, type Status } from "@etcd-ts/proto";

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Status };

/** Begins something; `settle` hears of its end, at any time, once. What it returns gives up waiting. */
export type Operation<T> = (settle: (outcome: Outcome<T>) => void) => () => void;

export type Procedure<T> = Generator<Operation<unknown>, T, unknown>;

/** Waits for an operation within a procedure. */
export function* result<T>(operation: Operation<T>): Procedure<T> {
  return (yield operation) as T; // what `yield` gives is what this operation settled with
}

/** Who has turns. */
export interface Turns {
  /** Runs `then` at the end of this turn, or of the next if this one is ending. */
  atTurnEnd(then: () => void): void;
}

export class Running<T> {
  private readonly procedure: Procedure<T>;
  private readonly turns: Turns;
  private readonly onEnd: (outcome: Outcome<T>) => void;
  private giveUp: () => void = nothing;
  private ended = false;

  /** Runs up to the first wait. */
  constructor(procedure: Procedure<T>, turns: Turns, onEnd: (outcome: Outcome<T>) => void) {
    this.procedure = procedure;
    this.turns = turns;
    this.onEnd = onEnd;
    this.advance(() => procedure.next());
  }

  /** Nobody wants the result any more. */
  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    this.giveUp();
    // Runs its `finally` blocks.
    this.procedure.return(undefined as T);
  }

  private advance(step: () => IteratorResult<Operation<unknown>, T>): void {
    let result: IteratorResult<Operation<unknown>, T>;
    try {
      result = step();
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      return this.end({ ok: false, error: error.status });
    }
    if (result.done === true) return this.end({ ok: true, value: result.value });
    this.giveUp = result.value((outcome) => this.turns.atTurnEnd(() => this.onSettled(outcome)));
  }

  private onSettled(outcome: Outcome<unknown>): void {
    if (this.ended) return;
    this.giveUp = nothing;
    if (outcome.ok) this.advance(() => this.procedure.next(outcome.value));
    else this.advance(() => this.procedure.throw(new EtcdError(outcome.error)));
  }

  private end(outcome: Outcome<T>): void {
    this.ended = true;
    this.onEnd(outcome);
  }
}

function nothing(): void {}
