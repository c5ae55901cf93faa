/** `/debug/requests` and `/debug/events`, at log level debug: the calls of each method, those under way and how the others ended. */

import { Code, type GrpcServer, type MethodCounters } from "@etcd-ts/grpc";
import type { Handler } from "../exchange.ts";
import { htmlText } from "../routes.ts";

const HTML: readonly [string, string] = ["Content-Type", "text/html; charset=utf-8"];

export function callsPage(server: GrpcServer): Handler {
  return (exchange) => {
    const rows = server
      .counters()
      .filter(({ started }) => started > 0)
      .map(row);
    const head = "<tr><th>method</th><th>begun</th><th>under way</th><th>OK</th><th>failed</th></tr>";
    exchange.answer(200, [HTML], page("/debug/requests", `<table>\n${head}\n${rows.join("\n")}\n</table>`));
  };
}

export function eventsPage(server: GrpcServer): Handler {
  return (exchange) => {
    const body = `<p>open connections over HTTP/2: ${server.connectionCount}</p>`;
    exchange.answer(200, [HTML], page("/debug/events", body));
  };
}

function row({ path, started, handled }: MethodCounters): string {
  const ended = handled.reduce((sum, count) => sum + count, 0);
  const good = handled[Code.OK] ?? 0;
  const cells = [htmlText(path), started, started - ended, good, ended - good];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function page(title: string, body: string): string {
  return `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n${body}\n</body>\n</html>\n`;
}
