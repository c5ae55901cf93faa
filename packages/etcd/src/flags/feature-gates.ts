/**
 * Feature gates: switches for features that are not settled yet, given as `--feature-gates=A=true,B=false`. `AllAlpha` and `AllBeta`
 * switch every gate of their stage that is not named itself.
 */
import { parseBool } from "./number.ts";
import { bad, good, type Outcome } from "./outcome.ts";

export type GateStage = "ALPHA" | "BETA";

export interface Gate {
  readonly stage: GateStage;
  readonly on: boolean;
  /** Why it switches nothing, or nothing yet. */
  readonly idle?: string;
  readonly pending?: string;
}

const CHECKS = "members are not compared yet";

export const GATES = {
  CompactHashCheck: { stage: "ALPHA", on: false, pending: CHECKS },
  FastLeaseKeepAlive: { stage: "BETA", on: true, idle: "keep-alives never wait for the log" },
  InitialCorruptCheck: { stage: "ALPHA", on: false, pending: CHECKS },
  LeaseCheckpoint: { stage: "ALPHA", on: false },
  LeaseCheckpointPersist: { stage: "ALPHA", on: false },
  PriorityRequest: { stage: "ALPHA", on: false },
  SetMemberLocalAddr: { stage: "ALPHA", on: false, pending: "there is one member" },
  StopGRPCServiceOnDefrag: { stage: "ALPHA", on: false },
  TxnModeWriteWithSharedBuffer: {
    stage: "BETA",
    on: true,
    idle: "a txn reads the store without a copy",
  },
} as const satisfies Readonly<Record<string, Gate>>;

export type GateName = keyof typeof GATES;

const STAGE_SWITCHES: Readonly<Record<string, GateStage>> = { AllAlpha: "ALPHA", AllBeta: "BETA" };

export const GATE_NAMES = Object.keys(GATES) as readonly GateName[]; // the keys of a constant

/** What was asked for, by name in the order given; the switches of a stage among them. */
export class FeatureGates {
  readonly #asked: ReadonlyMap<string, boolean>;

  constructor(asked: ReadonlyMap<string, boolean> = new Map()) {
    this.#asked = asked;
  }

  isOn(name: GateName): boolean {
    const stage = Object.keys(STAGE_SWITCHES).find((key) => STAGE_SWITCHES[key] === GATES[name].stage);
    return this.#asked.get(name) ?? this.#asked.get(stage ?? "") ?? GATES[name].on;
  }

  /** A switch of a whole stage, as it was asked for. */
  isStageOn(name: "AllAlpha" | "AllBeta"): boolean {
    return this.#asked.get(name) ?? false;
  }

  /** Whether the gate was named itself. */
  isSet(name: GateName): boolean {
    return this.#asked.has(name);
  }

  /** These gates with one more set. */
  with(name: GateName, on: boolean): FeatureGates {
    return new FeatureGates(new Map([...this.#asked, [name, on]]));
  }

  /** As the start-up log shows them: what was asked for, by name. */
  toString(): string {
    const names = [...this.#asked.keys()].sort();
    return names.map((name) => `${name}=${this.#asked.get(name)}`).join(",");
  }
}

export function parseFeatureGates(text: string): Outcome<FeatureGates> {
  const asked = new Map<string, boolean>();
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "") continue;
    const [name, value] = halves(part);
    if (value === undefined) return bad(`missing bool value for ${name}`);
    const on = parseBool(value);
    if (on === undefined) {
      const cause = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
      return bad(`invalid value of ${name}=${value}, err: ${cause}`);
    }
    asked.set(name, on);
  }
  const stranger = [...asked.keys()].find((name) => !(name in GATES) && !(name in STAGE_SWITCHES));
  return stranger === undefined
    ? good(new FeatureGates(asked))
    : bad(`unrecognized feature gate: ${stranger}`);
}

function halves(part: string): [string, string | undefined] {
  const at = part.indexOf("=");
  return at === -1 ? [part, undefined] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
