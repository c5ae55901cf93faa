/** What the properties promise, by the names under which they fail. */

import type { Schedule } from "./schedule.ts";

export type PropertyName =
  | "election safety"
  | "leader append-only"
  | "log matching"
  | "leader completeness"
  | "state machine safety"
  | "configuration agreement"
  | "applied is durable"
  | "linearizable reads"
  | "stable leader"
  | "progress after the storm"
  | "invariants";

export class Violation extends Error {
  override readonly name = "Violation";
  readonly property: PropertyName;
  /** The schedule, up to the event that went wrong. */
  schedule: Schedule | undefined = undefined;

  constructor(property: PropertyName, what: string) {
    super(`${property}: ${what}`);
    this.property = property;
  }
}
