import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { LogFields, Logger, LogLevel } from "@etcd-ts/base";
import { type Config, compactionRetention, effective } from "./config.ts";
import { type StartUp, startUp } from "./start-up.ts";

const dir = mkdtempSync(join(tmpdir(), "etcd-start-"));
after(() => rmSync(dir, { recursive: true }));
const logPath = join(dir, "log");

interface Told {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

function recorder(told: Told[]): Logger {
  const at = (level: LogLevel) => (_caller: string, message: string, fields?: LogFields) => {
    if (level !== "info") told.push({ level, message, fields });
  };
  const log: Logger = {
    isOn: () => true,
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    panic: at("panic"),
    fatal: at("fatal"),
    named: () => log,
  };
  return log;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const told: Told[] = [];
  const [printed, errors]: [string[], string[]] = [[], []];
  const outcome = startUp({
    words: ["etcd", ...args],
    env,
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
    log: recorder(told),
  });
  return { outcome, told, printed: printed.join(""), errors: errors.join("") };
}

function configOf(outcome: StartUp): Config {
  assert.ok(outcome.kind === "run");
  return outcome.config;
}

const QUIET = ["--log-outputs", logPath];

/** The `error` of "failed to verify flags": in the first log, or in the configured one. */
function objection(args: readonly string[]): unknown {
  rmSync(logPath, { force: true });
  const { outcome, told } = start([...QUIET, ...args]);
  assert.deepEqual(outcome, { kind: "exit", code: 1 });
  const early = told.find(({ message }) => message === "failed to verify flags");
  if (early !== undefined) return early.fields?.error;
  const lines = readFileSync(logPath, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === "failed to verify flags")?.error;
}

test("the version has four lines, the first as wrappers look for it", () => {
  const { outcome, printed } = start(["--version"]);
  assert.deepEqual(outcome, { kind: "exit", code: 0 });
  assert.match(printed, /^etcd Version: 3\.7\.1\nGit SHA: .+\nGo Version: .+\nGo OS\/Arch: \w+\/\w+\n$/);
});

test("help goes to standard output, the usage to standard error", () => {
  const { outcome, printed, errors } = start(["--help"]);
  assert.deepEqual(outcome, { kind: "exit", code: 0 });
  assert.match(printed, /^\nMember:\n/);
  assert.match(errors, /^Usage:\n/);
});

test("a mistake in a flag shows the usage and exits with 2", () => {
  const { outcome, errors, told } = start(["--nothing"]);
  assert.deepEqual([outcome, told], [{ kind: "exit", code: 2 }, []]);
  assert.match(errors, /^flag provided but not defined: -nothing\nUsage:\n/);
});

test("a broken rule is logged and exits with 1", () => {
  const table: ReadonlyArray<readonly [string, string]> = [
    ["nothing", '"nothing" is not a valid flag'],
    ["--pre-vote false", '"false" is not a valid flag'],
    [
      "--discovery-fallback=proxy",
      `v2 proxy is deprecated, and --discovery-fallback can't be configured as "proxy"`,
    ],
    ["--auto-compaction-mode=maybe", 'unknown auto-compaction-mode "maybe"'],
    ["--auto-compaction-mode=", "undefined auto-compaction-mode"],
    ["--log-format=xml", "unknown log format: xml, supported values json, console"],
    ["--logger=capnslog", "--logger=capnslog is removed in v3.5"],
    ["--logger=nothing", 'unknown logger option "nothing"'],
    ["--listen-client-urls=http://host.example:1", "expected IP in URL for binding (http://host.example:1)"],
    ["--listen-client-urls=http://127.0.0.256:1", "expected IP in URL for binding (http://127.0.0.256:1)"],
    [
      "--initial-advertise-peer-urls=http://:1",
      '--initial-advertise-peer-urls "http://:1" must be "host:port" (unexpected empty host (http://:1))',
    ],
    [
      "--listen-client-urls=http://127.0.0.1:1",
      "--advertise-client-urls is required when --listen-client-urls is set explicitly",
    ],
    [
      "--initial-cluster=a=http://b:1 --discovery-srv=x",
      'multiple discovery or bootstrap flags are set. Choose one of "initial-cluster", "discovery-endpoints" or "discovery-srv"',
    ],
    ["--discovery-token=x", "both --discovery-token and --discovery-endpoints must be set"],
    [
      "--discovery-token=x --discovery-endpoints=,x",
      "--discovery-endpoints must not contain empty endpoints",
    ],
    ["--heartbeat-interval=0", "--heartbeat-interval must be >0 (set to 0ms)"],
    ["--election-timeout=0", "--election-timeout must be >0 (set to 0ms)"],
    [
      "--election-timeout=499",
      "--election-timeout[499ms] should be at least as 5 times as --heartbeat-interval[100ms]",
    ],
    [
      "--election-timeout=50001",
      "--election-timeout[50001ms] is too long, and should be set less than 50000ms",
    ],
    ["--compact-hash-check-time=0s", "--compact-hash-check-time must be >0 (set to 0s)"],
    [
      "--enable-distributed-tracing --distributed-tracing-sampling-rate=-1",
      "distributed tracing configurition is not valid: (tracing sampling rate must be positive)",
    ],
    [
      "--feature-gates=LeaseCheckpointPersist=true",
      "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
    ],
    ["--tls-min-version=TLS1.0", 'unexpected TLS version "TLS1.0" (must be one of: TLS1.2, TLS1.3)'],
    [
      "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2",
      "min version (TLS1.3) is greater than max version (TLS1.2)",
    ],
    [
      "--tls-min-version=TLS1.3 --cipher-suites=x",
      "cipher suites cannot be configured when only TLS1.3 is enabled",
    ],
    ["--discovery-srv=x", "--discovery-srv is not supported yet: discovery is a feature of a later version"],
    [
      "--experimental-corrupt-check-time=5s --corrupt-check-time=6s",
      "cannot set --experimental-corrupt-check-time and --corrupt-check-time at the same time, please use --corrupt-check-time only",
    ],
    [
      "--experimental-initial-corrupt-check --feature-gates=InitialCorruptCheck=false",
      "cannot specify both flags: --experimental-initial-corrupt-check=true and --feature-gates=InitialCorruptCheck=false at the same time, please just use --feature-gates=InitialCorruptCheck=false",
    ],
    ["--config-file=missing.yml", "open missing.yml: no such file or directory"],
  ];
  for (const [args, text] of table) assert.equal(objection(args.split(" ")), text);
});

test("a bad log level ends like a panic", () => {
  const { outcome, errors } = start(["--log-level=loud"]);
  assert.deepEqual([outcome, errors], [{ kind: "exit", code: 2 }, 'panic: unrecognized level: "loud"\n']);
});

test("a flag and its variable, even an empty one, are fatal together", () => {
  for (const value of ["m1", ""]) {
    const { outcome, told } = start(["--name=m1", ...QUIET], { ETCD_NAME: value });
    assert.deepEqual(outcome, { kind: "exit", code: 1 });
    assert.equal(told[0]?.level, "fatal");
    assert.deepEqual(told[0]?.fields, { "environment-variable": "ETCD_NAME" });
  }
});

test("variables are used, strange ones told, bad ones refused", () => {
  const used = start(QUIET, {
    ETCD_MAX_TXN_OPS: "5",
    ETCD_NOTHING: "1",
    ETCD_VERSION: "9",
    ETCD_ENABLE_V2: "true",
    HOME: "/",
  });
  assert.equal(configOf(used.outcome).maxTxnOps, 5);
  assert.deepEqual(
    used.told.map(({ message, fields }) => [message, fields]),
    [
      ["cannot set special environment variable", { key: "ETCD_VERSION", value: "9" }],
      ["unrecognized environment variable", { "environment-variable": "ETCD_NOTHING=1" }],
      ["unrecognized environment variable", { "environment-variable": "ETCD_ENABLE_V2=true" }],
    ],
  );
  const bad = start([], { ETCD_SNAPSHOT_COUNT: "x" });
  assert.deepEqual(bad.told[0]?.fields, { error: 'invalid value "x" for ETCD_SNAPSHOT_COUNT: parse error' });
});

test("a file puts flags and variables out of force", () => {
  const path = join(dir, "config.yml");
  writeFileSync(path, `Name: of-file\nlog-outputs: [${logPath}]\nlisten-client-urls: http://127.0.0.1:1\n`);
  for (const { outcome } of [
    start(["--config-file", path, "--name=of-flag"], { ETCD_MAX_WALS: "9" }),
    start(["--name=of-flag"], { ETCD_CONFIG_FILE: path }),
  ]) {
    const config = configOf(outcome);
    assert.equal(config.name, "of-file");
    assert.equal(config.maxWals, 5);
    assert.equal(config.dataDir, "of-file.etcd");
    assert.equal(config.advertiseClientUrls[0]?.text, "http://localhost:2379");
  }
});

test("a bad address in a file is printed, not logged", () => {
  const path = join(dir, "bad.yml");
  writeFileSync(path, "advertise-client-urls: nonsense\n");
  const { outcome, told, errors } = start(["--config-file", path]);
  assert.deepEqual([outcome, told], [{ kind: "exit", code: 1 }, []]);
  const reason = "URL scheme must be http, https, unix, or unixs: nonsense";
  assert.equal(errors, `unexpected error setting up advertise-peer-urls: ${reason}\n`);
});

test("the name gives the directory and the first cluster", () => {
  const config = configOf(start(["--name=m1", ...QUIET]).outcome);
  assert.equal(config.dataDir, "m1.etcd");
  assert.equal(config.initialCluster, "m1=http://localhost:2380");
  assert.equal(configOf(start(QUIET).outcome).initialCluster, "default=http://localhost:2380");
  assert.equal(configOf(start(["--name=m1", "--initial-cluster=", ...QUIET]).outcome).initialCluster, "");
});

test("old flags still work, with a warning", () => {
  const { outcome, told } = start([
    "--experimental-compaction-batch-limit=7",
    "--experimental-compact-hash-check-enabled",
    "--enable-v2=false",
    ...QUIET,
  ]);
  const config = configOf(outcome);
  assert.equal(config.compactionBatchLimit, 7);
  assert.ok(config.featureGates.isOn("CompactHashCheck"));
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      "--experimental-compaction-batch-limit is deprecated. Use '--compaction-batch-limit' instead.",
      "--experimental-compact-hash-check-enabled is deprecated. Use '--feature-gates=CompactHashCheck=true' instead.",
      "--enable-v2 has no effect any more.",
    ],
  );
});

test("zeros stand for defaults", () => {
  const config = configOf(start(QUIET).outcome);
  assert.equal(effective(config).quotaBytes, 2 * 1024 ** 3);
  assert.equal(effective(config).batchInterval, 100e6);
  assert.equal(effective({ ...config, quotaBackendBytes: -1 }).quotaBytes, Number.POSITIVE_INFINITY);
  assert.equal(effective({ ...config, watchProgressNotifyInterval: 1 }).watchProgressNotifyInterval, 100e6);
});

test("a retention is hours, a duration or revisions", () => {
  const config = configOf(start(QUIET).outcome);
  const retention = (autoCompactionMode: string, autoCompactionRetention: string) =>
    compactionRetention({ ...config, autoCompactionMode, autoCompactionRetention });
  assert.deepEqual(retention("periodic", "2"), { ok: true, value: 7200e9 });
  assert.deepEqual(retention("periodic", "10m"), { ok: true, value: 600e9 });
  assert.deepEqual(retention("revision", "1000"), { ok: true, value: 1000 });
  assert.deepEqual(retention("periodic", "x"), {
    ok: false,
    reason: 'error parsing CompactionRetention: time: invalid duration "x"',
  });
});
