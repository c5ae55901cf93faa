/** What `--help`, `--version` and a mistake in a flag print. */
import { formatDuration } from "./duration.ts";
import { FeatureGates, GATE_NAMES, GATES } from "./feature-gates.ts";
import { DURATION } from "./kind.ts";
import { FLAG_GROUPS, FLAGS, type FlagName } from "./server-flags.ts";
import { showUrls, type Url } from "./url.ts";

export const USAGE = `Usage:

  etcd [flags]
    Run a member.

  etcd --version
    Print the version.

  etcd -h | --help
    Print this help.

  etcd --config-file FILE
    Run a member as the file says (YAML or JSON); other flags and variables are then ignored.
    Durations in it are whole numbers of nanoseconds.
`;

export function helpText(): string {
  const groups = FLAG_GROUPS.map(({ title, names }) => `${title}:\n${names.map(flagText).join("")}`);
  return `${groups.join("\n")}`;
}

function flagText(name: FlagName): string {
  const { help, shown, initial, kind } = FLAGS[name];
  const value = shown ?? showValue(initial, kind === DURATION);
  return `  --${name} '${value}'\n    ${help}\n${name === "feature-gates" ? gatesText() : ""}`;
}

function gatesText(): string {
  return GATE_NAMES.map(
    (name) => `    ${name}=true|false (${GATES[name].stage}, ${GATES[name].on} if not given)\n`,
  ).join("");
}

function showValue(value: unknown, isDuration: boolean): string {
  if (isDuration) return formatDuration(Number(value));
  if (value instanceof FeatureGates) return value.toString();
  if (!Array.isArray(value)) return String(value);
  return value.length > 0 && typeof value[0] === "object" ? showUrls(value as Url[]) : value.join(","); // lists hold texts or addresses
}
