/** Traces of configuration changes: each directive changes a configuration or is refused, and prints configuration and progress. */

import { type ChangeOutcome, Changer } from "../confchange/changer.ts";
import { describeConfiguration } from "../tracker/configuration.ts";
import { ProgressTracker } from "../tracker/tracker.ts";
import { argumentValue, CommandError, parseChanges, parseFlag } from "./arguments.ts";
import type { Directive } from "./trace-file.ts";

export const CONFCHANGE_COMMANDS: ReadonlySet<string> = new Set(["simple", "enter-joint", "leave-joint"]);

const INFLIGHTS_MAX = 10;

export function confchangeTrace(): (directive: Directive) => string {
  const tracker = new ProgressTracker(INFLIGHTS_MAX, 0);
  let lastIndex = 0;
  return (directive) => {
    try {
      return `${run(directive, new Changer(tracker, lastIndex), tracker)}\n`;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return `${error.message}\n`;
    } finally {
      lastIndex++;
    }
  };
}

function run(directive: Directive, changer: Changer, tracker: ProgressTracker): string {
  const outcome = change(directive, changer);
  if (!outcome.ok) return outcome.refusal;
  tracker.switchTo(outcome.config, outcome.progress);
  const members = tracker.ordered.map((it) => `${it.id}: ${it.describe()}`);
  return [describeConfiguration(tracker.config), ...members].join("\n");
}

function change(directive: Directive, changer: Changer): ChangeOutcome {
  const changes = parseChanges(directive.input);
  switch (directive.command) {
    case "simple":
      return changer.simple(changes);
    case "enter-joint":
      return changer.enterJoint(parseFlag(argumentValue(directive, "autoleave") ?? "false"), changes);
    case "leave-joint":
      if (changes.length > 0) throw new CommandError("this command takes no input");
      return changer.leaveJoint();
    default:
      throw new CommandError("unknown command");
  }
}
