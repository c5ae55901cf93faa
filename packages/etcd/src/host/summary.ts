/**
 * A few lines for a person who starts the server at a terminal and has asked for a log that people read. They go to standard output, beside
 * the log and never in place of it; scripts, which have no terminal, do not meet them.
 */

import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { SERVER_VERSION } from "../config/version.ts";
import type { Url } from "../flags/url.ts";

export function isSummaryAsked({ logFormat }: Config, isTerminal: boolean): boolean {
  return logFormat === "console" && isTerminal;
}

export function summaryText(config: Config): string {
  const rows: readonly (readonly [string, string])[] = [
    ["clients", list([...config.listenClientUrls, ...config.listenClientHttpUrls])],
    ["members", list(config.listenPeerUrls)],
    ["metrics", list(config.listenMetricsUrls)],
    ["data", resolve(config.dataDir)],
    ["stop", "Ctrl-C"],
  ];
  const lines = rows.flatMap(([what, text]) => (text === "" ? [] : [`  ${what.padEnd(9)}${text}`]));
  return [`\netcd ${SERVER_VERSION} serves as ${JSON.stringify(config.name)}`, ...lines, "", ""].join("\n");
}

function list(urls: readonly Url[]): string {
  return urls.map(({ text }) => text).join("  ");
}
