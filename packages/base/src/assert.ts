/**
 * Assertions: a bug trips one and stops the process (design, decision 12). Never for input, never for I/O.
 *
 * `assert` is always on and takes a constant text, so that it costs a branch. `verify` is for checks that cost more than
 * that: on in tests and simulation, off in production.
 */

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}

let verifying = false;

/** Turns the costly checks on or off for the whole process. */
export function setVerifying(on: boolean): void {
  verifying = on;
}

export function isVerifying(): boolean {
  return verifying;
}

/** Runs a costly check when verification is on; `check` returns true when all is well. */
export function verify(check: () => boolean, message: string): void {
  if (verifying && !check()) throw new AssertionError(message);
}
