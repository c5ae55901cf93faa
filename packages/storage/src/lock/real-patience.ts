/** Waiting for another process at the start, when there is nothing else to do: the thread sleeps. */

import type { Patience } from "./directory-lock.ts";

const PAUSE_MS = 100;

export function realPatience(totalMs = 10_000): Patience {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  let left = Math.ceil(totalMs / PAUSE_MS);
  return () => {
    if (left-- <= 0) return false;
    Atomics.wait(nothing, 0, 0, PAUSE_MS);
    return true;
  };
}
