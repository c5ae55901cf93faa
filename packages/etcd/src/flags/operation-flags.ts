/** Flags of what operators look at: profiles, metrics, logs, traces. */
import { MILLISECOND } from "./duration.ts";
import { flag } from "./flag.ts";
import { BOOL, DURATION, INT, STRING, STRINGS, URLS } from "./kind.ts";

export const MONITORING_FLAGS = {
  "enable-pprof": flag(BOOL, false, "Serve profiles under /debug/pprof/."),
  metrics: flag(STRING, "basic", "Detail of the metrics: basic or extensive."),
  "listen-metrics-urls": flag(URLS, [], "Further addresses for metrics and health."),
} as const;

export const LOG_FLAGS = {
  logger: flag(STRING, "zap", "Name of the form of log lines; zap is the only one."),
  "log-outputs": flag(
    STRINGS,
    ["default"],
    "Where log lines go: default, stderr, stdout, systemd/journal, files.",
  ),
  "log-level": flag(STRING, "info", "Least level of log lines: debug, info, warn, error, panic or fatal."),
  "log-format": flag(STRING, "json", "Form of log lines: json or console.", { since: "3.6" }),
  "enable-log-rotation": flag(BOOL, false, "Rotate the log's file."),
  "log-rotation-config-json": flag(
    STRING,
    '{"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false}',
    "When and how: megabytes, days, number of old files, local time in names, compression.",
  ),
  "warning-unary-request-duration": flag(
    DURATION,
    300 * MILLISECOND,
    "Requests longer than this are logged.",
    {
      since: "3.6",
    },
  ),
} as const;

export const TRACING_FLAGS = {
  "enable-distributed-tracing": flag(BOOL, false, "Export traces (OTLP).", { since: "3.6" }),
  "distributed-tracing-address": flag(STRING, "localhost:4317", "Address of the collector.", {
    since: "3.6",
  }),
  "distributed-tracing-service-name": flag(STRING, "etcd", "Name of the service in traces.", {
    since: "3.6",
  }),
  "distributed-tracing-instance-id": flag(STRING, "", "Id of this member in traces.", { since: "3.6" }),
  "distributed-tracing-sampling-rate": flag(INT, 0, "Traces begun here, per million requests.", {
    since: "3.6",
  }),
} as const;

export const GENERAL_FLAGS = {
  "config-file": flag(
    STRING,
    "",
    "File with the configuration; all other flags and variables are then ignored.",
    {
      file: null,
    },
  ),
  version: flag(BOOL, false, "Print the version and exit.", { file: null }),
} as const;
