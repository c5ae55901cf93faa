/** The commands of interaction traces: each reads its arguments and makes one thing happen in the environment. */

import { SeededRandom } from "@etcd-ts/base";
import {
  ConfChangeTransition,
  type ConfState,
  EMPTY_CONF_STATE,
  Message,
  MessageType,
  type Snapshot,
} from "@etcd-ts/proto";
import type { RaftConfig, ReadOnlyOption } from "../core/config.ts";
import { describeMessage } from "../text/describe.ts";
import { isVoter } from "../tracker/configuration.ts";
import {
  argumentAt,
  argumentValue,
  bareIds,
  CommandError,
  firstId,
  mustArgumentValue,
  parseChanges,
  parseFlag,
  parseId,
  parseNumber,
} from "./arguments.ts";
import { Environment, type Recipient } from "./environment.ts";
import { LOG_LEVELS, Output } from "./output.ts";
import type { Directive } from "./trace-file.ts";
import { TraceNode, TraceStorage } from "./trace-node.ts";

type Command = (env: Environment, directive: Directive) => void;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["_breakpoint", () => {}],
  ["add-nodes", addNodes],
  ["campaign", (env, it) => env.nodeOf(firstId(it)).node.campaign()],
  ["compact", compact],
  ["deliver-msgs", deliverMessages],
  ["forget-leader", (env, it) => env.nodeOf(firstId(it)).node.forgetLeader()],
  ["log-level", setLogLevel],
  ["process-append-thread", onEach("processing append thread", (env, it) => env.processAppendThread(it))],
  ["process-apply-thread", onEach("processing apply thread", (env, it) => env.processApplyThread(it))],
  ["process-ready", onEach("handling Ready", (env, it) => env.processReady(it))],
  ["propose", propose],
  ["propose-conf-change", proposeConfChange],
  ["raft-log", (env, it) => env.writeLog(env.nodeOf(firstId(it)))],
  ["raft-state", writeStates],
  ["report-unreachable", reportUnreachable],
  ["send-snapshot", sendSnapshot],
  ["set-randomized-election-timeout", setElectionTimeout],
  ["stabilize", stabilize],
  ["status", writeStatus],
  ["tick-election", (env, it) => tick(env, it, "electionTicks")],
  ["tick-heartbeat", (env, it) => tick(env, it, "heartbeatTicks")],
  ["transfer-leadership", transferLeadership],
]);

/** A replay of one file: a function from directive to output. */
export function interactionTrace(): (directive: Directive) => string {
  const env = new Environment();
  return (directive) => {
    env.output.take();
    try {
      const command = COMMANDS.get(directive.command);
      if (command === undefined) throw new CommandError("unknown command");
      command(env, directive);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return env.output.silenced() ? error.message : env.output.take() + error.message;
    }
    return env.output.take() || "ok";
  };
}

/** One node: its output. Several: each under a title, indented. */
function onEach(title: string, work: (env: Environment, it: TraceNode) => void): Command {
  return (env, directive) => {
    const ids = bareIds(directive);
    for (const id of ids) {
      const node = env.nodeOf(id);
      if (ids.length === 1) {
        work(env, node);
        continue;
      }
      env.output.writeLine(`> ${id} ${title}`);
      env.output.indented(() => work(env, node));
    }
  };
}

// ------------------------------------------------------------------------------------------------------------- nodes

const RAFT_DEFAULTS = {
  electionTicks: 3,
  heartbeatTicks: 1,
  inflightMessagesMax: 2 ** 31 - 1,
  earlyVoteRequests: true,
};

function addNodes(env: Environment, directive: Directive): void {
  const count = parseNumber(argumentAt(directive, 0).key);
  const first = firstSnapshot(directive);
  const bootstrap =
    first.data !== undefined || first.metadata.index !== 0 || first.metadata.confState !== EMPTY_CONF_STATE;
  const options = raftOptions(directive);
  for (let i = 0; i < count; i++) {
    const id = BigInt(env.nodes.length + 1);
    const storage = new TraceStorage(first);
    if (bootstrap) {
      if (first.metadata.index <= 1)
        throw new CommandError("index must be specified as > 1 due to bootstrap");
      storage.applySnapshot(first);
    }
    const random = new SeededRandom(Number(id));
    const config = { ...RAFT_DEFAULTS, applied: first.metadata.index, ...options };
    env.nodes.push(new TraceNode({ ...config, id, storage, random, logger: env.output }, storage));
  }
}

function firstSnapshot(directive: Directive): Snapshot {
  const index = parseNumber(argumentValue(directive, "index") ?? "0");
  const content = argumentValue(directive, "content");
  const voters = idsOf(directive, "voters");
  const learners = idsOf(directive, "learners");
  const none = voters.length === 0 && learners.length === 0;
  const confState: ConfState = none ? EMPTY_CONF_STATE : { ...EMPTY_CONF_STATE, voters, learners };
  const set = !none || index !== 0 || content !== undefined;
  return {
    data: content === undefined ? undefined : new Uint8Array(Buffer.from(content)),
    metadata: { confState, index, term: set ? 1 : 0 },
  };
}

function idsOf(directive: Directive, key: string): bigint[] {
  return directive.args.filter((it) => it.key === key).flatMap((it) => it.values.map(parseId));
}

type Options = { -readonly [key in keyof RaftConfig]?: RaftConfig[key] };

function raftOptions(directive: Directive): Options {
  const options: Options = {};
  for (const { key, values } of directive.args) {
    for (const value of values) setOption(options, key, value);
  }
  return options;
}

function setOption(options: Options, key: string, value: string): void {
  if (key === "inflight") options.inflightMessagesMax = parseNumber(value);
  else if (key === "max-committed-size-per-ready") options.applyingBytesMax = parseNumber(value);
  else if (key === "async-storage-writes") options.asyncStorageWrites = parseFlag(value);
  else if (key === "prevote") options.preVote = parseFlag(value);
  else if (key === "checkquorum") options.checkQuorum = parseFlag(value);
  else if (key === "disable-conf-change-validation") options.disableConfChangeValidation = parseFlag(value);
  else if (key === "step-down-on-removal") options.stepDownOnRemoval = parseFlag(value);
  else if (key === "read-only") options.readOnly = parseReadOnly(value);
}

function parseReadOnly(value: string): ReadOnlyOption {
  if (value === "safe" || value === "lease-based") return value;
  throw new CommandError(`invalid read-only option "${value}"`);
}

// --------------------------------------------------------------------------------------------------------- proposals

function propose(env: Environment, directive: Directive): void {
  const { node } = env.nodeOf(firstId(directive));
  const data = argumentAt(directive, 1);
  if (directive.args.length !== 2 || data.values.length > 0) {
    throw new CommandError("expected exactly one key with no vals");
  }
  report(node.propose(new Uint8Array(Buffer.from(data.key))));
}

const TRANSITIONS: ReadonlyMap<string, ConfChangeTransition> = new Map([
  ["auto", ConfChangeTransition.Auto],
  ["implicit", ConfChangeTransition.JointImplicit],
  ["explicit", ConfChangeTransition.JointExplicit],
]);

function proposeConfChange(env: Environment, directive: Directive): void {
  const { node } = env.nodeOf(firstId(directive));
  const v1 = parseFlag(argumentValue(directive, "v1") ?? "false");
  const name = argumentValue(directive, "transition") ?? "auto";
  const transition = TRANSITIONS.get(name);
  if (transition === undefined) throw new CommandError(`unknown transition ${name}`);
  const changes = parseChanges(directive.input);
  if (!v1) {
    report(node.proposeConfChange({ transition, changes, context: undefined }));
    return;
  }
  const [change] = changes;
  if (change === undefined || changes.length > 1 || transition !== ConfChangeTransition.Auto) {
    throw new CommandError("v1 conf change can only have one operation and no transition");
  }
  report(node.proposeConfChange({ id: 0n, type: change.type, nodeId: change.nodeId, context: undefined }));
}

function report(refusal: string | undefined): void {
  if (refusal !== undefined) throw new CommandError(refusal);
}

// ---------------------------------------------------------------------------------------------- messages, time, order

function deliverMessages(env: Environment, directive: Directive): void {
  const recipients: Recipient[] = bareIds(directive).map((id) => ({ id, drop: false }));
  for (const id of idsOf(directive, "drop")) {
    if (recipients.some((it) => it.id === id))
      throw new Error(`cannot both deliver and drop messages to ${id}`);
    recipients.push({ id, drop: true });
  }
  if (env.deliver(recipients, argumentValue(directive, "type")) === 0) env.output.writeLine("no messages");
}

function stabilize(env: Environment, directive: Directive): void {
  const before = env.output.level;
  const level = argumentValue(directive, "log-level");
  const ids = bareIds(directive);
  try {
    if (level !== undefined) env.output.level = parseLevel(level);
    env.stabilize(ids.length === 0 ? env.nodes : ids.map((id) => env.nodeOf(id)));
  } finally {
    env.output.level = before;
  }
}

function setLogLevel(env: Environment, directive: Directive): void {
  env.output.level = parseLevel(argumentAt(directive, 0).key);
}

function parseLevel(name: string): number {
  const level = Output.levelOf(name);
  if (level === undefined) {
    throw new CommandError(`log levels must be either of [${LOG_LEVELS.join(" ")}]`);
  }
  return level;
}

function tick(env: Environment, directive: Directive, count: "electionTicks" | "heartbeatTicks"): void {
  const it = env.nodeOf(firstId(directive));
  for (let i = 0; i < it.config[count]; i++) it.node.tick();
}

function setElectionTimeout(env: Environment, directive: Directive): void {
  const timeout = parseNumber(mustArgumentValue(directive, "timeout"));
  env.nodeOf(firstId(directive)).node.raft.randomizedElectionTimeout = timeout;
}

function transferLeadership(env: Environment, directive: Directive): void {
  const from = parseId(mustArgumentValue(directive, "from"));
  env.nodeOf(from).node.transferLeader(parseId(mustArgumentValue(directive, "to")));
}

function reportUnreachable(env: Environment, directive: Directive): void {
  const [on, id, ...more] = bareIds(directive);
  if (on === undefined || id === undefined || more.length > 0) {
    throw new CommandError(
      "must specify exactly two node indexes: node on which to report, and reported node",
    );
  }
  env.nodeOf(on).node.reportUnreachable(id);
}

function sendSnapshot(env: Environment, directive: Directive): void {
  const from = env.nodeOf(firstId(directive));
  const to = env.nodeOf(parseId(argumentAt(directive, 1).key));
  const message = new Message(MessageType.Snap, to.id, from.id);
  message.term = from.node.hardState().term;
  message.snapshot = from.storage.snapshot();
  env.inFlight.push(message);
  env.output.write(describeMessage(message));
}

// -------------------------------------------------------------------------------------------------------- inspection

function compact(env: Environment, directive: Directive): void {
  const it = env.nodeOf(firstId(directive));
  report(it.storage.compact(parseNumber(argumentAt(directive, 1).key)));
  env.writeLog(it);
}

function writeStates(env: Environment): void {
  for (const { id, node } of env.nodes) {
    const { lead, state } = node.softState();
    const role = isVoter(node.raft.tracker.config, id) ? "Voter" : "Non-Voter";
    env.output.writeLine(`${id}: ${state} (${role}) Term:${node.hardState().term} Lead:${lead}`);
  }
}

function writeStatus(env: Environment, directive: Directive): void {
  const { node } = env.nodeOf(firstId(directive));
  for (const progress of node.status().progress) {
    env.output.writeLine(`${progress.id}: ${progress.describe()}`);
  }
}
